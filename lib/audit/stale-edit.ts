import { isDeepStrictEqual } from "node:util";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { findChangesSince } from "./queries";

export async function staleEdit(
  object: { kind: string; id: string; name: string },
  version: number,
  tx?: Transaction,
): Promise<AppError> {
  const changes = await findChangesSince(object, version, tx);
  const what = changes
    ? `${changes.by} changed ${new Intl.ListFormat("en").format(changes.fields)} in the meantime.`
    : "Someone changed it in the meantime.";
  return new AppError(
    "stale",
    `“${object.name}” was not saved. ${what} Reload the page to see it. What you typed is still here.`,
    {
      forPrograms: `“${object.name}” was not changed. ${what} Read it again, and send your change with its new version: as \`version\`, or its ETag in If-Match.`,
    },
  );
}

/** By their labels on screen. */
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

type Values = Record<string, string | number | boolean | null>;

/** Never for a field with a secret. @param names of ids */
export function changedValues<T extends Record<string, unknown>>(
  before: T,
  after: Record<string, unknown>,
  {
    labels,
    names = new Map(),
  }: { labels: { readonly [K in keyof T]?: string }; names?: ReadonlyMap<string, string> },
): { before: Values; after: Values } {
  const changed = new Set(changedFields(before, after, labels));
  const valuesOf = (values: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(labels).flatMap(([field, label]) =>
        label && changed.has(label) ? [[label, shownValue(values[field], names)]] : [],
      ),
    );
  return { before: valuesOf(before), after: valuesOf(after) };
}

const VALUE_MAX = 200;

function shownValue(value: unknown, names: ReadonlyMap<string, string>): Values[string] {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "number") return value;
  const text = typeof value === "string" ? (names.get(value) ?? value) : JSON.stringify(value);
  return text.slice(0, VALUE_MAX);
}
