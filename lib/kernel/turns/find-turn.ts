import { COUNT_CAP, type Page } from "@/lib/kernel/paging/schema";
import type { Turn } from "./schema";

/** As Prisma's `findMany` takes it. A negative `take` goes backwards, and still answers in order. */
type Window = { take: number; cursor?: { id: string }; skip?: 1 };

type Turned<R> = {
  turn: Turn;
  /** Rows of a page. */
  size: number;
  /** What the ids of the rows are: others stand for no row. */
  ids?: "uuid" | "number";
  /** The rows of a window, in the one order of the list, which ends in the id. */
  find: (window: Window) => Promise<R[]>;
  /** All rows; it may stop counting at `take`. */
  count: (bounded: { take: number }) => Promise<number>;
};

/**
 * One page of a list that has one order, by the ids of the rows at its border. Where that row is gone, the
 * list is shown from its beginning.
 */
export async function findTurn<R extends { id: string | bigint }>(
  list: Turned<R>,
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
  if (found.length === 0 && from !== undefined) return findTurn({ ...list, turn: {} });
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

function usable<R>({ turn: { after, before }, ids = "uuid" }: Turned<R>): Turn {
  const isId = (id: string | undefined) =>
    id !== undefined && /^\d+$/.test(id) === (ids === "number");
  return { after: isId(after) ? after : undefined, before: isId(before) ? before : undefined };
}
