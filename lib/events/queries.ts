import "server-only";
import { db } from "@/lib/db";
import { type Notice, noticeSchema } from "./schema";

export type StoredEvent = { id: string; notice: Notice };

const MAX_REPLAY = 500;

/** One event, or those after one that a browser has seen; oldest first. */
export async function readEvents(
  range: { only: string } | { after: string },
): Promise<StoredEvent[]> {
  const where = "only" in range ? { id: BigInt(range.only) } : { id: { gt: BigInt(range.after) } };
  const rows = await db().event.findMany({ where, orderBy: { id: "asc" }, take: MAX_REPLAY });
  return rows.flatMap(({ id, type, payload }) => {
    const parsed = noticeSchema.safeParse({ ...asObject(payload), type });
    return parsed.success ? [{ id: id.toString(), notice: parsed.data }] : [];
  });
}

function asObject(payload: unknown): object {
  return typeof payload === "object" && payload !== null ? payload : {};
}
