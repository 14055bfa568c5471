import { COUNT_CAP, type Page } from "@/lib/kernel/paging/schema";
import type { Position } from "./schema";

/** Prisma's `findMany`: a negative `take` goes backwards but answers in order. */
type Window = { take: number; cursor?: { id: string }; skip?: 1 };

type Section<R> = {
  position: Position;
  size: number;
  ids?: "uuid" | "number";
  find: (window: Window) => Promise<R[]>;
  count: (bounded: { take: number }) => Promise<number>;
};

export async function findSection<R extends { id: string | bigint }>(
  list: Section<R>,
): Promise<Page<R>> {
  const { size, find, count } = list;
  const { after, before } = usable(list);
  const isBackward = before !== undefined && after === undefined;
  const from = after ?? before;
  const take = isBackward ? -(size + 1) : size + 1;
  const [found, counted] = await Promise.all([
    find({ take, ...(from !== undefined && { cursor: { id: from }, skip: 1 }) }),
    count({ take: COUNT_CAP + 1 }),
  ]);
  if (found.length === 0 && from !== undefined) return findSection({ ...list, position: {} });
  const hasMore = found.length > size;
  const rows = isBackward && hasMore ? found.slice(1) : found.slice(0, size);
  const [first, last] = [rows[0], rows.at(-1)];
  const hasPrevious = isBackward ? hasMore : after !== undefined;
  const hasNext = isBackward || hasMore;
  return {
    rows,
    total: { count: Math.min(counted, COUNT_CAP), isCapped: counted > COUNT_CAP },
    ...(hasPrevious && first && { previous: String(first.id) }),
    ...(hasNext && last && { next: String(last.id) }),
  };
}

function usable<R>({ position: { after, before }, ids = "uuid" }: Section<R>): Position {
  const isId = (id: string | undefined) =>
    id !== undefined && /^\d+$/.test(id) === (ids === "number");
  return { after: isId(after) ? after : undefined, before: isId(before) ? before : undefined };
}
