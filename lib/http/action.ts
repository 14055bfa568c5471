import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Actor } from "@/lib/actor";
import { requireUser } from "@/lib/auth/session";
import type { FieldErrors } from "@/lib/errors";
import { toAppError } from "./problem";
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
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, data: await run(parsed.data) };
  return {
    ok: false,
    error: {
      code: "unprocessable",
      message: "Some fields need another look.",
      fields: fieldErrors(parsed.error),
    },
  };
}

/** Messages by field; `hosts.imap.port` for nested ones, `root` for those of the whole. */
export function fieldErrors(error: z.ZodError): FieldErrors {
  const fields: FieldErrors = {};
  for (const issue of error.issues) {
    const name = issue.path.join(".") || "root";
    fields[name] = [...(fields[name] ?? []), issue.message];
  }
  return fields;
}

function failed(thrown: unknown): ActionResult<never> {
  const { code, message, fields, remedyId } = toAppError(thrown);
  return {
    ok: false,
    error: { code, message, ...(fields && { fields }), ...(remedyId && { remedyId }) },
  };
}
