import "server-only";
import { db } from "@/lib/kernel/db";
import { type Notice, noticeSchema } from "./schema";

export type StoredEvent = { id: string; notice: Notice };

const MAX_REPLAY = 500;

export async function readEvent(id: string): Promise<StoredEvent | null> {
  const row = await db().event.findUnique({ where: { id: BigInt(id) } });
  return row && parse(row);
}

/** Oldest first; null when the id is too old or there are too many. */
export async function readEventsAfter(id: string): Promise<StoredEvent[] | null> {
  const rows = await db().event.findMany({
    where: { id: { gte: BigInt(id) } },
    orderBy: { id: "asc" },
    // Ends: More is told as a gap: the page loads again.
    take: MAX_REPLAY + 2,
  });
  const [seen, ...missed] = rows;
  if (seen?.id !== BigInt(id) || missed.length > MAX_REPLAY) return null;
  return missed.flatMap((row) => parse(row) ?? []);
}

function parse({ id, type, payload }: { id: bigint; type: string; payload: unknown }) {
  const parsed = noticeSchema.safeParse({ ...Object(payload), type });
  return parsed.success ? { id: id.toString(), notice: parsed.data } : null;
}
