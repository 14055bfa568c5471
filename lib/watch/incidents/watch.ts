import { DAY_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { type Enqueue, raiseAlert } from "@/lib/watch/alerts/raise";
import { remindOfSecrets } from "@/lib/watch/alerts/secret-reminders";
import {
  announce,
  findAnnounced,
  lastChangeAt,
  readDigestAt,
  resolve,
  saveDigestAt,
} from "./announcements/store";
import { digestMessage, openedMessage, resolvedMessage } from "./messages";
import { type IncidentRow, incidentState } from "./schema";
import { alertScript } from "./script";
import { findCauses } from "./stopped/store";
import { findRepairObjects, readWithoutLoops, saveCauses, takeTurn } from "./store";

type WatchOptions = {
  /** In the transaction of what they tell. */
  enqueue: Enqueue;
  now?: Date;
};

/** In one transaction, by one process at a time. @returns false when another does it */
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
  // Again when its silence has run out.
  const dedupeKey = `incident_opened:${row.id}:${row.announcedAt?.toISOString()}`;
  const alert = { kind: "incident_opened", dedupeKey, incidentId: row.id } as const;
  const script = await alertScript(tx, row);
  const object = (await findRepairObjects(tx, [row])).get(row.id);
  await raiseAlert(tx, { ...alert, ...openedMessage(row, { script, object }) }, enqueue);
}

/** No one hears of the end of what was never announced, or was silenced since. */
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

/** At least half an hour after changes, then daily. */
async function tellDigest(tx: Transaction, now: Date, enqueue: Enqueue): Promise<void> {
  // A recovering one asks for nothing.
  const open = (await findAnnounced(tx)).filter((row) => incidentState(row) === "open");
  const [oldest] = open.map(({ announcedAt }) => announcedAt ?? now).sort((a, b) => +a - +b);
  if (!oldest) return;
  const told = await readDigestAt(tx);
  // The first alert has just told people.
  const since = told && told > oldest ? told : oldest;
  const isNew = since === oldest || (await lastChangeAt(tx)) > since;
  const waitMs = isNew ? 30 * MINUTE_MS : DAY_MS;
  if (now.getTime() - since.getTime() < waitMs) return;
  await saveDigestAt(tx, now);
  const alert = { kind: "digest", dedupeKey: `digest:${now.toISOString()}` } as const;
  await raiseAlert(
    tx,
    { ...alert, incidentId: null, ...digestMessage(open, await findRepairObjects(tx, open)) },
    enqueue,
  );
}
