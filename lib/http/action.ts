import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import type { FieldErrors } from "@/lib/kernel/errors";
import { requireUser } from "./auth/session";
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
  const read = readFields(schema, input);
  if (read.ok) return { ok: true, data: await run(read.data) };
  const error = { code: "unprocessable", message: "Some fields are not valid." } as const;
  return { ok: false, error: { ...error, fields: read.fields } };
}

type Read<T> = { ok: true; data: T } | { ok: false; fields: FieldErrors };

/** What an input says, or what is wrong with it: all of it at once. */
export function readFields<S extends z.ZodType>(schema: S, input: unknown): Read<z.output<S>> {
  const parsed = schema.safeParse(input, { error: missing });
  return parsed.success
    ? { ok: true, data: parsed.data }
    : { ok: false, fields: fieldErrors(parsed.error) };
}

/** For fields whose schema has no text of its own, because no form can leave them out. */
function missing({ code, input }: z.core.$ZodRawIssue): string | undefined {
  return code === "invalid_type" && input === undefined ? "This field is missing." : undefined;
}

/** Messages by field; `hosts.imap.port` for nested ones, `root` for those of the whole. */
function fieldErrors(error: z.ZodError): FieldErrors {
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
