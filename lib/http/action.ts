import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import { requireUser } from "./auth/session";
import { toAppError } from "./problem";
import { readFields } from "./read-fields";
import type { ActionResult } from "./schema";

/** Every action is a public POST: it proves its actor and parses its input here, whoever calls. */
export function defineAction<S extends z.ZodType, T>(
  schema: S,
  run: (actor: Actor, input: z.output<S>) => Promise<T>,
) {
  return async (input: z.input<S>): Promise<ActionResult<T>> => {
    try {
      const actor = await requireUser();
      return await parseAndRun(schema, input, (parsed) => run(actor, parsed));
    } catch (error) {
      unstable_rethrow(error); // redirect() and notFound() travel as exceptions
      return failed(error);
    }
  };
}

/** For the two pages before the sign-in. What it runs must guard itself. */
export function definePublicAction<S extends z.ZodType, T>(
  schema: S,
  run: (input: z.output<S>) => Promise<T>,
) {
  return async (input: z.input<S>): Promise<ActionResult<T>> => {
    try {
      return await parseAndRun(schema, input, run);
    } catch (error) {
      unstable_rethrow(error);
      return failed(error);
    }
  };
}

async function parseAndRun<S extends z.ZodType, T>(
  schema: S,
  input: unknown,
  run: (input: z.output<S>) => Promise<T>,
): Promise<ActionResult<T>> {
  const read = readFields(schema, input);
  if (read.ok) return { ok: true, data: await run(read.data) };
  const error = { code: "unprocessable", message: "Some fields are not valid." } as const;
  return { ok: false, error: { ...error, fields: read.fields } };
}

function failed(thrown: unknown): ActionResult<never> {
  const { code, message, fields, remedyId } = toAppError(thrown);
  return {
    ok: false,
    error: { code, message, ...(fields && { fields }), ...(remedyId && { remedyId }) },
  };
}
