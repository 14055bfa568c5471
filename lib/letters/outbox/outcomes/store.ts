import "server-only";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { ClaimedLetter } from "../store";

export async function saveSent({ id }: ClaimedLetter, result: string): Promise<void> {
  await db().$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE "Letter" SET state = 'sent', "sentAt" = now(), result = ${result},
      "textSealed" = NULL, "leaseUntil" = NULL WHERE id = ${id}::uuid AND state = 'waiting'`;
    await publish(tx, { type: "alert", id });
  });
}

export async function saveRefused({ id, attempts }: ClaimedLetter, result: string): Promise<void> {
  await db().$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE "Letter" SET state = 'failed', result = ${result},
      "textSealed" = NULL, "leaseUntil" = NULL
      WHERE id = ${id}::uuid AND state = 'waiting' AND attempts = ${attempts}`;
    await publish(tx, { type: "alert", id });
  });
}

type Delay = { result: string; waitMs: number; isOfAll: boolean };

/** Unless the recipient is the cause, all letters wait for this one to find the server working. */
export async function putOff(
  { id, attempts }: ClaimedLetter,
  { result, waitMs, isOfAll }: Delay,
): Promise<void> {
  const until = await databaseNow(waitMs);
  await db().$transaction(async (tx) => {
    const held = await tx.$executeRaw`
      UPDATE "Letter" SET "dueAt" = ${until}, result = ${result}, "leaseUntil" = NULL
      WHERE id = ${id}::uuid AND state = 'waiting' AND attempts = ${attempts}`;
    if (held === 0) return;
    if (isOfAll)
      await tx.$executeRaw`UPDATE "Letter" SET "dueAt" = ${until}::timestamptz + interval '1 s', result = ${result}
        WHERE state = 'waiting' AND id <> ${id}::uuid AND "dueAt" < ${until}`;
    await publish(tx, { type: "alert", id });
  });
}
