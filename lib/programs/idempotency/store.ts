import "server-only";
import { HOUR_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { KEPT_HOURS } from "./schema";

type Id = { apiKeyId: string; key: string };

export async function beginCreation(creation: Id & { fingerprint: string }): Promise<boolean> {
  const { count } = await db().idempotencyKey.createMany({ data: creation, skipDuplicates: true });
  return count === 1;
}

export function findCreation(id: Id) {
  return db().idempotencyKey.findUnique({
    where: { apiKeyId_key: id },
    select: { fingerprint: true, status: true, body: true },
  });
}

export async function endCreation(id: Id, answer: { status: number; body: string }): Promise<void> {
  await db().idempotencyKey.updateMany({ where: id, data: answer });
}

export async function forgetCreation(id: Id): Promise<void> {
  await db().idempotencyKey.deleteMany({ where: id });
}

export async function deleteOldCreations(): Promise<void> {
  await db().idempotencyKey.deleteMany({
    where: { createdAt: { lt: await databaseNow(-KEPT_HOURS * HOUR_MS) } },
  });
}
