import type { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import type { ErrorCode } from "@/lib/kernel/errors";
import type { KeyPermission } from "@/lib/programs/schema";

type Schema = z.ZodType | undefined;
type Output<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

export type OperationInput<P extends Schema, Q extends Schema, B extends Schema> = {
  actor: Actor;
  request: Request;
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

export type Operation<
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends Schema = Schema,
  A extends Schema = Schema,
> = {
  /** Names the function in generated clients. */
  id: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: `/api/${string}`;
  tag: string;
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

export type Editing = { schema: z.ZodType; answer: z.ZodObject; isPatch: boolean };

export function defineOperation<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  A extends Schema = undefined,
>(operation: Operation<P, Q, B, A>): Operation<P, Q, B, A> {
  return operation;
}

export type Call = {
  request: Request;
  url: URL;
  params: Readonly<Record<string, string>>;
  reads?: AnyOperation | undefined;
};

export type AnyOperation = Omit<Operation, "handle"> & {
  handle(input: never): Promise<unknown>;
};

/** Files and streams are not kept, so they are no creations to repeat. */
export function takesIdempotencyKey({ method, body, answer }: AnyOperation): boolean {
  if (method === "GET" || answer.contentType || answer.isShownOnce) return false;
  return method !== "POST" || body !== undefined;
}
