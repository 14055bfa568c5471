import "server-only";
import { isDeepStrictEqual } from "node:util";
import { AppError } from "@/lib/kernel/errors";
import { findChangesSince } from "./queries";

/** The refusal of an edit when someone else saved the object meanwhile: says who changed what. */
export async function staleEdit(
  object: { kind: string; id: string; name: string },
  version: number,
): Promise<AppError> {
  const changes = await findChangesSince(object, version);
  const what = changes
    ? `${changes.by} changed ${listInWords(changes.fields)} in the meantime.`
    : "Someone changed it in the meantime.";
  return new AppError(
    "stale",
    `“${object.name}” was not saved. ${what} Reload the page to see it. What you typed is still here.`,
  );
}

function listInWords(fields: string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(fields);
}

/** The names of the fields whose values differ, as the screens call them. */
export function changedFields<T extends Record<string, unknown>>(
  before: T,
  after: Record<string, unknown>,
  labels: { readonly [K in keyof T]?: string },
): string[] {
  return Object.entries(labels).flatMap(([field, label]) =>
    // jsonb has its own order of keys.
    label && !isDeepStrictEqual(before[field], after[field]) ? [label] : [],
  );
}
