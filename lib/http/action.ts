import { revalidatePath } from "next/cache";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import type { Command } from "@/lib/kernel/command";
import type { FieldErrors } from "@/lib/kernel/errors";
import { issueWords } from "@/lib/kernel/fields/issue-words";
import { requireAnyUser, requireUser } from "./auth/session";
import { toAppError } from "./problem";
import type { ActionResult } from "./schema";

type Options = {
  /** All pages below it are rendered again. */
  revalidates?: string;
  /** Renders after failures too: `run` keeps what it tried. */
  keepsFailures?: boolean;
  isForRestricted?: boolean;
};

/** Every action is a public POST: actor, input and errors of `run` are handled here for all. */
export function defineAction<S extends z.ZodType, T>(
  schema: S,
  run: (actor: Actor, input: z.output<S>) => Promise<T>,
  { revalidates, keepsFailures = false, isForRestricted = false }: Options = {},
) {
  return async (input: z.input<S>): Promise<ActionResult<T>> => {
    const result = await answer(async () => {
      const actor = isForRestricted ? await requireAnyUser() : await requireUser();
      return parseAndRun(schema, input, (parsed) => run(actor, parsed));
    });
    if (revalidates && (result.ok || keepsFailures)) revalidatePath(revalidates, "layout");
    return result;
  };
}

export function actionOf<S extends z.ZodType, T>(command: Command<S, T>, options?: Options) {
  return defineAction(command.input, command, options);
}

/** For pages before sign-in (app/(auth)); what it runs must guard itself. */
export function definePublicAction<S extends z.ZodType, T>(
  schema: S,
  run: (input: z.output<S>) => Promise<T>,
) {
  return (input: z.input<S>): Promise<ActionResult<T>> =>
    answer(() => parseAndRun(schema, input, run));
}

async function answer<T>(work: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  try {
    return await work();
  } catch (error) {
    unstable_rethrow(error); // redirect() and notFound() travel as exceptions
    return failed(error);
  }
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

/** All problems at once. */
function readFields<S extends z.ZodType>(schema: S, input: unknown): Read<z.output<S>> {
  const parsed = schema.safeParse(input, { error: missing });
  return parsed.success
    ? { ok: true, data: parsed.data }
    : { ok: false, fields: fieldErrors(parsed.error) };
}

/** For fields that forms cannot leave out. */
function missing({ code, input }: z.core.$ZodRawIssue): string | undefined {
  return code === "invalid_type" && input === undefined ? "This field is missing." : undefined;
}

function fieldErrors(error: z.ZodError): FieldErrors {
  const fields: FieldErrors = {};
  for (const issue of error.issues) {
    const name = issue.path.join(".") || "root";
    fields[name] = [...(fields[name] ?? []), issueWords(issue)];
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
