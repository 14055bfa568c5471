import { z } from "zod";
import type { KeyPermission } from "@/lib/access/api-keys/schema";
import type { Actor } from "@/lib/kernel/actor";
import type { Command } from "@/lib/kernel/command";
import { idParam } from "./answers";
import type { Answer, AnyOperation } from "./operation";

type Mounted<A extends z.ZodType | undefined> = Omit<
  AnyOperation,
  "permission" | "params" | "query" | "body" | "answer" | "handle"
> & {
  idParameter?: string;
  answer: Answer<A>;
};

type Result<A> = A extends z.ZodType ? z.input<A> : unknown;
type Called = { actor: Actor; params?: Record<string, string>; body?: unknown };

export function commandOperation<S extends z.ZodType, A extends z.ZodType | undefined = undefined>(
  command: Command<S, Result<A>>,
  { idParameter, ...operation }: Mounted<A>,
): AnyOperation {
  const takes = idParameter
    ? { params: z.object({ [idParameter]: idParam }) }
    : { body: command.input };
  return {
    ...operation,
    ...takes,
    permission: command.permission as KeyPermission, // what programs are offered they can be allowed
    async handle({ actor, params = {}, body }: Called) {
      const input = idParameter ? command.input.parse({ id: params[idParameter] }) : body;
      const result = await command(actor, input as z.output<S>); // as `takes` says, it was read
      return operation.answer.schema ? result : undefined;
    },
  };
}
