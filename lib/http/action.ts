import "server-only";
import { revalidatePath } from "next/cache";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import type { Command } from "@/lib/kernel/command";
import { requireAnyUser, requireUser } from "./auth/session";
import { toAppError } from "./problem";
import { readFields } from "./read-fields";
import type { ActionResult } from "./schema";

type Options = {
  /** The path below which every page is rendered again, once `run` is done. */
  revalidates?: string;
  /** Pages are rendered again after a failure too: `run` keeps what it tried. */
  keepsFailures?: boolean;
  /** Also for those who have to set up a second factor before anything else. */
  isForRestricted?: boolean;
};

/**
 * Every action is a public POST: it proves its actor and parses its input here, for every caller, and here
 * errors thrown by `run` become words for the form.
 */
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

/** A command as an action. */
export function actionOf<S extends z.ZodType, T>(command: Command<S, T>, options?: Options) {
  return defineAction(command.input, command, options);
}

/** For the pages that are open before a sign-in (app/(auth)). What it runs must guard itself. */
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

function failed(thrown: unknown): ActionResult<never> {
  const { code, message, fields, remedyId } = toAppError(thrown);
  return {
    ok: false,
    error: { code, message, ...(fields && { fields }), ...(remedyId && { remedyId }) },
  };
}
