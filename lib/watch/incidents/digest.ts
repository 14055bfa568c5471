import "server-only";
import { DAY_MS, MINUTE_MS } from "@/lib/kernel/clock";
import type { Transaction } from "@/lib/kernel/transaction";
import { type Enqueue, raiseAlert } from "@/lib/watch/alerts/raise";
import { findAnnounced, lastChangeAt, readDigestAt, saveDigestAt } from "./announcements/store";
import { digestMessage } from "./messages";
import { incidentState } from "./schema";
import { findRepairObjects } from "./store";

const AFTER_CHANGE_MS = 30 * MINUTE_MS;

/**
 * Tells about all open incidents at once: half an hour after they changed at the soonest, and once a
 * day while they stay as they are.
 */
export async function tellDigest(tx: Transaction, now: Date, enqueue: Enqueue): Promise<void> {
  // One that recovers asks for nothing.
  const open = (await findAnnounced(tx)).filter((row) => incidentState(row) === "open");
  const [oldest] = open.map(({ announcedAt }) => announcedAt ?? now).sort(byTime);
  if (!oldest) return;
  const told = await readDigestAt(tx);
  // Before the first one since all was well, the alert itself has just told people.
  const since = told && told > oldest ? told : oldest;
  const isNew = since === oldest || (await lastChangeAt(tx)) > since;
  const waitMs = isNew ? AFTER_CHANGE_MS : DAY_MS;
  if (now.getTime() - since.getTime() < waitMs) return;
  await saveDigestAt(tx, now);
  const alert = { kind: "digest", dedupeKey: `digest:${now.toISOString()}` } as const;
  await raiseAlert(
    tx,
    { ...alert, incidentId: null, ...digestMessage(open, await findRepairObjects(tx, open)) },
    enqueue,
  );
}

function byTime(a: Date, b: Date): number {
  return a.getTime() - b.getTime();
}
