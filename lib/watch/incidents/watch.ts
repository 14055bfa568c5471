import "server-only";
import { SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { type Enqueue, raiseAlert } from "@/lib/watch/alerts/raise";
import { remindOfSecrets } from "@/lib/watch/alerts/secret-reminders";
import { announce, resolve } from "./announcements/store";
import { tellDigest } from "./digest";
import { openedMessage, resolvedMessage } from "./messages";
import type { IncidentRow } from "./schema";
import { alertScript } from "./script";
import { findCauses } from "./stopped/store";
import { findRepairObjects, readWithoutLoops, saveCauses, takeTurn } from "./store";

type WatchOptions = {
  /** Puts deliveries in line for sending, in the transaction of what they tell of. */
  enqueue: Enqueue;
  /** The database's own time, unless a test says otherwise. */
  now?: Date;
};

/**
 * Derives the open incidents from the rows, all in one transaction: a process that dies halfway leaves
 * everything as it was, and the next one does the same again. One process at a time does it.
 *
 * @returns false when another process is at it
 */
export async function watchIncidents({ enqueue, now: at }: WatchOptions): Promise<boolean> {
  return db().$transaction(
    async (tx) => {
      if (!(await takeTurn(tx))) return false;
      await readWithoutLoops(tx);
      const now = at ?? (await databaseNow(0, tx));
      const isChanged = await saveCauses(tx, await findCauses(tx, now), now);
      const announced = await announce(tx, now);
      const resolved = await resolve(tx, now);
      for (const row of announced) await tellOpened(tx, row, enqueue);
      for (const row of resolved) await tellResolved(tx, { row, now }, enqueue);
      await tellDigest(tx, now, enqueue);
      await remindOfSecrets(tx, now, enqueue);
      if (isChanged || announced.length + resolved.length > 0)
        await publish(tx, { type: "incident", id: "" });
      return true;
    },
    { timeout: 10 * SECOND_MS },
  );
}

async function tellOpened(tx: Transaction, row: IncidentRow, enqueue: Enqueue): Promise<void> {
  const dedupeKey = `incident_opened:${row.id}`;
  const alert = { kind: "incident_opened", dedupeKey, incidentId: row.id } as const;
  const script = await alertScript(tx, row);
  const object = (await findRepairObjects(tx, [row])).get(row.id);
  await raiseAlert(tx, { ...alert, ...openedMessage(row, { script, object }) }, enqueue);
}

/** Only for announced incidents: no one hears that something is over that they never heard of. */
async function tellResolved(
  tx: Transaction,
  { row, now }: { row: IncidentRow; now: Date },
  enqueue: Enqueue,
): Promise<void> {
  if (!row.announcedAt) return;
  const dedupeKey = `incident_resolved:${row.id}`;
  const alert = { kind: "incident_resolved", dedupeKey, incidentId: row.id } as const;
  await raiseAlert(tx, { ...alert, ...resolvedMessage(row, now) }, enqueue);
}
