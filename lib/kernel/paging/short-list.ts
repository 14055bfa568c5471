import "server-only";
import type { z } from "zod";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { nameKey } from "@/lib/kernel/text/normalize";
import { type Declared, encodeCursor, type Filters, type List, listOf } from "./list";
import { PAGE_SIZE } from "./schema";

type Value = string | number | Date | null;

type ShortList<S extends string, V extends string, F extends z.ZodRawShape, R> = Declared<
  S,
  V,
  F,
  (row: R) => Value,
  (row: R) => boolean
> & {
  read: (actor: Actor) => Promise<R[]>;
  searched: (row: R) => readonly string[];
  where?: (row: R, filters: Filters<F>) => boolean;
};

export function defineShortList<
  R extends { id: string },
  const S extends string,
  const V extends string,
  F extends z.ZodRawShape,
>(list: ShortList<S, V, F, R>): List<R, S, V, F> {
  const { views, sorts } = list;
  const names = Object.keys(views) as V[]; // the keys are that
  return listOf<R, S, V, F, (row: R) => Value, (row: R) => boolean>(list, async (actor, asked) => {
    requirePermissionToSee(actor, list.permission);
    const search = nameKey(asked.search);
    const found = (await list.read(actor)).filter(
      (row) =>
        (list.where?.(row, asked) ?? true) &&
        list.searched(row).some((text) => nameKey(text).includes(search)),
    );
    const shown = asked.view === undefined ? found : found.filter(views[asked.view][1]);
    const sortedBy = sorts[asked.sort];
    shown.sort((one, other) => compare([sortedBy(one), one.id], [sortedBy(other), other.id]));
    if (asked.direction === "desc") shown.reverse();
    return {
      page: { total: { count: shown.length, isCapped: false }, ...pageOf(shown, asked) },
      counts: names.map((view) => ({
        view,
        count: found.filter(views[view][1]).length,
        isCapped: false,
      })),
    };
  });
}

/** A prefix sorts first. */
function compare(one: readonly Value[], other: readonly Value[]): number {
  for (const [at, value] of one.entries()) {
    const [a, b] = [value ?? "", other[at] ?? ""];
    if (a < b) return -1;
    if (a > b) return 1;
  }
  return 0;
}

type Window = { after?: [string, string]; before?: [string, string]; limit?: number };

/** Restarts when the row at the border is gone. */
function pageOf<R extends { id: string }>(
  rows: readonly R[],
  { after, before, limit = PAGE_SIZE }: { [K in keyof Window]?: Window[K] | undefined },
) {
  const at = (cursor: [string, string] | undefined) =>
    rows.findIndex(({ id }) => id === cursor?.[1]);
  const from = before && !after ? Math.max(0, at(before) - limit) : at(after) + 1;
  const page = rows.slice(from, from + limit);
  const cursorOf = (row: R | undefined) => encodeCursor(["", row?.id ?? ""]);
  return {
    rows: page,
    ...(from > 0 && page.length > 0 && { previous: cursorOf(page[0]) }),
    ...(from + limit < rows.length && { next: cursorOf(page.at(-1)) }),
  };
}
