import type { z } from "zod";
import type { KeyPermission } from "@/lib/access/api-keys/schema";
import type { Actor } from "@/lib/kernel/actor";
import type { ErrorCode } from "@/lib/kernel/errors";

type Schema = z.ZodType | undefined;
type Output<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

export type OperationInput<P extends Schema, Q extends Schema, B extends Schema> = {
  actor: Actor;
  request: Request;
  params: Output<P>;
  query: Output<Q>;
  body: Output<B>;
};

/** What comes back when it went well. */
export type Answer<A extends Schema = Schema> = {
  status: 200 | 201 | 204;
  description: string;
  /** Of JSON: nothing that is not in it leaves Postkey. */
  schema?: A;
  /** Whether it holds a secret that is shown once: then no copy is kept for a program that asks again. */
  isShownOnce?: true;
  /** Of anything else, one or several: then `handle` makes the response itself. */
  contentType?: string | readonly string[];
};

/**
 * One operation of the API for programs: what serves it, what describes it (OpenAPI) and what checks it come
 * from here.
 */
export type Operation<
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends Schema = Schema,
  A extends Schema = Schema,
> = {
  /** The name that clients are generated with. */
  id: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With the parameters in braces, as OpenAPI writes it. */
  path: `/api/${string}`;
  tag: string;
  summary: string;
  description?: string;
  /** What the key must be allowed; null for every authenticated caller. */
  permission: KeyPermission | null;
  /** The answer to callers without any proof, where that is no refusal. */
  toStrangers?: () => Response;
  /** Whether only programs are answered, with a key. */
  isForPrograms?: boolean;
  params?: P;
  query?: Q;
  body?: B;
  /** The content types of the body, where they are not only that of JSON. */
  takes?: readonly string[];
  /** Of a body that is a file, which `handle` reads itself. */
  file?: { contentType: string; example: string };
  /** What a body is in truth that is read by `editing.ts`. */
  edits?: Editing;
  /** Whether GET of the same address has a version, which `If-Match` can name. */
  isVersioned?: true;
  /** What may go wrong beside what may go wrong with every operation of its kind. */
  errors?: readonly ErrorCode[];
  answer: Answer<A>;
  handle(
    input: OperationInput<P, Q, B>,
  ): Promise<A extends z.ZodType ? z.input<A> : Response | undefined>;
};

/** The body of a PUT or of its PATCH, for the description. */
export type Editing = { schema: z.ZodType; answer: z.ZodObject; isPatch: boolean };

export function defineOperation<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  A extends Schema = undefined,
>(operation: Operation<P, Q, B, A>): Operation<P, Q, B, A> {
  return operation;
}

/** A call as the schemas of its operation read it. */
export type Call = {
  request: Request;
  /** Of the request, taken apart once. */
  url: URL;
  /** As they are in the path. */
  params: Readonly<Record<string, string>>;
  /** GET of the same address, where there is one. */
  reads?: AnyOperation | undefined;
};

/** One that has forgotten its types, for what handles all of them alike. */
export type AnyOperation = Omit<Operation, "handle"> & {
  handle(input: never): Promise<unknown>;
};

/**
 * Whether an `Idempotency-Key` means something: nothing is kept of a stream or of a file, which is why those
 * are no creations that a program may ask for again.
 */
export function takesIdempotencyKey({ method, body, answer }: AnyOperation): boolean {
  if (method === "GET" || answer.contentType || answer.isShownOnce) return false;
  return method !== "POST" || body !== undefined;
}
