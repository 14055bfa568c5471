import { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import type { Command } from "@/lib/kernel/command";
import type { KeyPermission } from "@/lib/programs/schema";
import { idParam } from "./answers";
import { fieldsOf } from "./fields-of";
import type { Answer, AnyOperation } from "./operation";

type Mounted<A extends z.ZodType | undefined> = Omit<
  AnyOperation,
  "permission" | "params" | "answer" | "handle"
> & {
  answer: Answer<A>;
};

type Result<A> = A extends z.ZodType ? z.input<A> : unknown;
type Called = {
  actor: Actor;
  params?: Record<string, string>;
  query?: object;
  body?: object;
};

/** A command as an operation of the API: without a `query`, its input beside what is in the path is the body. */
export function commandOperation<S extends z.ZodType, A extends z.ZodType | undefined = undefined>(
  command: Command<S, Result<A>>,
  operation: Mounted<A>,
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
    async handle({ actor, params = {}, query, body }: Called) {
      const id = idParameter && { [key]: params[idParameter] };
      const given = { ...id, ...query, ...body } as z.output<S>; // each part was read
      const result = await command(actor, given);
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
