import { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import * as is from "@/lib/kernel/answers/schema";
import type { Command } from "@/lib/kernel/command";
import type { ErrorCode } from "@/lib/kernel/errors";
import type { KeyPermission } from "@/lib/programs/schema";

export const idParam = z.uuid().toLowerCase();

export const created = z.object({ id: is.id });

/** A page of a list. `next` and `previous` go into `after` and `before`. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    rows: z.array(item).describe("This page."),
    total: z
      .object({
        count: is.count.describe("Number of objects counted."),
        isCapped: is.flag.describe("`true` if there are more than were counted."),
      })
      .describe("Number of rows on all pages."),
    previous: is.text
      .optional()
      .describe("Send it as `before` for the page before. Absent on the first page."),
    next: is.text
      .optional()
      .describe("Send it as `after` for the next page. Absent on the last page."),
  });
}

/** A list that is answered whole, as its only page. */
export function wholePage<R>(rows: R[]) {
  return { rows, total: { count: rows.length, isCapped: false } };
}

type Schema = z.ZodType | undefined;
type Output<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

export type OperationInput<P extends Schema, Q extends Schema, B extends Schema> = {
  actor: Actor;
  request: Request;
  /** What `If-Match` named, and was stored. */
  version?: number;
  params: Output<P>;
  query: Output<Q>;
  body: Output<B>;
};

export type Answer<A extends Schema = Schema> = {
  status: 200 | 201 | 204;
  description: string;
  /** Only what it names leaves Postkey. */
  schema?: A;
  /** No copy is kept for a repeated request. */
  isShownOnce?: true;
  /** Other than JSON; `handle` makes the response. */
  contentType?: string | readonly string[];
};

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
/** Its id names the function in generated clients. */
type Address = { id: string; method: Method; path: `/api/${string}`; tag: string };
/** Id, method and path. */
type At = { at: `${string}: ${Method} /api/${string}` };

type Details<P extends Schema, Q extends Schema, B extends Schema, A extends Schema> = {
  summary: string;
  description?: string;
  /** Null: every authenticated caller. */
  permission: KeyPermission | null;
  toStrangers?: () => Response;
  isForPrograms?: boolean;
  params?: P;
  query?: Q;
  body?: B;
  /** Content types other than JSON. */
  takes?: readonly string[];
  file?: { contentType: string; example: string };
  edits?: Editing;
  /** For `If-Match`, from GET of the same address. */
  isVersioned?: true;
  errors?: readonly ErrorCode[];
  answer: Answer<A>;
  handle(
    input: OperationInput<P, Q, B>,
  ): Promise<A extends z.ZodType ? z.input<A> : Response | undefined>;
};

export type Operation = Address & Details<Schema, Schema, Schema, Schema>;

export type Editing = { schema: z.ZodType; answer: z.ZodObject; isPatch: boolean };

export function ok<A extends z.ZodType>(description: string, schema: A) {
  return { status: 200, description, schema } as const;
}
export function made<A extends z.ZodType>(description: string, schema: A) {
  return { status: 201, description, schema } as const;
}
export function shownOnce<A extends z.ZodType>(description: string, schema: A) {
  return { status: 201, description, schema, isShownOnce: true } as const;
}
export function done(description: string) {
  return { status: 204, description } as const;
}

/** The operations of a tag. */
export function operationsOf(tag: string) {
  const addressed = <T extends At>({ at, ...details }: T) => {
    const [id, method, path] = at.split(/:? /) as [string, Method, Address["path"]]; // as `At` has them
    return { ...details, id, method, path, tag };
  };
  return {
    define<
      P extends Schema = undefined,
      Q extends Schema = undefined,
      B extends Schema = undefined,
      A extends Schema = undefined,
    >(operation: At & Details<P, Q, B, A>) {
      return addressed(operation);
    },
    command<S extends z.ZodType, A extends Schema = undefined>(
      command: Command<S, Result<A>>,
      operation: At & Mounted<A>,
    ) {
      return commandOperation(command, addressed(operation));
    },
  };
}

export type Call = {
  request: Request;
  url: URL;
  params: Readonly<Record<string, string>>;
  reads?: AnyOperation | undefined;
};

export type AnyOperation = Omit<Operation, "handle"> & { handle(input: never): Promise<unknown> };

/** Files and streams are not kept, so they are no creations to repeat. */
export function takesIdempotencyKey({ method, body, answer }: AnyOperation): boolean {
  if (method === "GET" || answer.contentType || answer.isShownOnce) return false;
  return method !== "POST" || body !== undefined;
}

type Mounted<A extends Schema> = Omit<
  AnyOperation,
  keyof Address | "permission" | "params" | "answer" | "handle"
> & { answer: Answer<A> };

type Result<A> = A extends z.ZodType ? z.input<A> : unknown;
type Called = {
  actor: Actor;
  version?: number;
  params?: Record<string, string>;
  query?: object;
  body?: object;
};

/** A command as an operation of the API: without a `query`, its input beside what is in the path is the body. */
function commandOperation<S extends z.ZodType, A extends Schema>(
  command: Command<S, Result<A>>,
  operation: Address & Mounted<A>,
): AnyOperation {
  const { input, permission } = command;
  // The field of the input with this name, or its `id`.
  const [, idParameter] = /\{(\w+)\}/.exec(operation.path) ?? [];
  const key = idParameter && fieldsOf(input).includes(idParameter) ? idParameter : "id";
  const body = operation.body ?? bodyOf(input, operation.query, idParameter && key);
  return {
    ...operation,
    ...(idParameter && { params: z.object({ [idParameter]: idParam }) }),
    ...(body && { body }),
    permission: permission as KeyPermission, // what programs are offered they can be allowed
    async handle({ actor, version, params = {}, query, body }: Called) {
      const id = idParameter && { [key]: params[idParameter] };
      const given = { ...id, ...query, ...body } as z.output<S>; // each part was read
      const result = await command(actor, given, version);
      return operation.answer.schema ? result : undefined;
    },
  };
}

function bodyOf(input: z.ZodType, query: z.ZodType | undefined, inPath?: string) {
  if (query) return undefined;
  if (!inPath) return input;
  const isAll = fieldsOf(input).length === 1;
  return isAll ? undefined : (input as z.ZodObject).omit({ [inPath]: true } as object);
}

export function fieldsOf(schema: z.core.$ZodType): string[] {
  return [...new Set(shapesOf(schema).flatMap((shape) => Object.keys(shape)))];
}

/** Unwraps down to objects. */
function shapesOf(schema: z.core.$ZodType): z.core.$ZodShape[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return [def.shape];
    case "union":
      return def.options.flatMap(shapesOf);
    case "pipe":
      return shapesOf(def.in);
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
      return shapesOf(def.innerType);
    default:
      return [];
  }
}
