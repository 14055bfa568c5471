import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import type { NewAttempt, Outcome } from "./schema";

/** Of each device, and of all that cannot be told apart together. */
const KEPT = 50;

/** Keeps an attempt, forgets the oldest one beyond those that are kept, and tells the open pages. */
export async function saveAttempt({ device, ...attempt }: NewAttempt): Promise<void> {
  const deviceId = device?.id ?? null;
  await db().$transaction(async (tx) => {
    if (deviceId !== null) await saveOutcome(tx, deviceId, attempt);
    await tx.deviceAttempt.create({ data: { ...attempt, deviceId }, select: { id: true } });
    await tx.$executeRaw`DELETE FROM "DeviceAttempt" WHERE "deviceId" IS NOT DISTINCT FROM ${deviceId}::uuid
      AND id <= (SELECT id FROM "DeviceAttempt" WHERE "deviceId" IS NOT DISTINCT FROM ${deviceId}::uuid
        ORDER BY id DESC OFFSET ${KEPT} LIMIT 1)`;
    await publish(tx, { type: "device", id: deviceId ?? "" });
  });
}

type Attempt = Omit<NewAttempt, "device">;

async function saveOutcome(tx: Transaction, deviceId: string, attempt: Attempt): Promise<void> {
  if (attempt.outcome === "ok") {
    await saveLastUse(tx, deviceId, attempt);
    await forgetFailure(tx, deviceId, attempt);
    return;
  }
  await tx.$executeRaw`UPDATE "Device" SET "lastRefusedAt" = now() WHERE id = ${deviceId}::uuid`;
  if (REPAIRED_BY_HAND.has(attempt.outcome) && attempt.remedyId !== null)
    await tx.$executeRaw`UPDATE "Device" SET "failureId" = ${attempt.remedyId},
      "failureProtocol" = ${attempt.protocol}, "failedAt" = now() WHERE id = ${deviceId}::uuid`;
}

/** What the account's server says, and an administrator repairs: an incident until a login works. */
const REPAIRED_BY_HAND: ReadonlySet<Outcome> = new Set(["server_refused", "server_certificate"]);

/** Where one device gets in, the account's server refuses no other one of the account. */
async function forgetFailure(
  tx: Transaction,
  deviceId: string,
  { protocol }: Attempt,
): Promise<void> {
  await tx.$executeRaw`UPDATE "Device" d SET "failureId" = NULL, "failureProtocol" = NULL, "failedAt" = NULL
    FROM "Device" own WHERE own.id = ${deviceId}::uuid AND d."emailAccountId" = own."emailAccountId"
      AND d."failureId" IS NOT NULL AND d."failureProtocol" = ${protocol}`;
}

type Used = Pick<NewAttempt, "address" | "client" | "tlsVersion">;

async function saveLastUse(
  tx: Transaction,
  deviceId: string,
  { address, client, tlsVersion }: Used,
): Promise<void> {
  await tx.$executeRaw`UPDATE "Device" SET "lastUsedAt" = now(), "lastAddress" = ${address},
    "lastClient" = ${client}, "lastTlsVersion" = ${tlsVersion} WHERE id = ${deviceId}::uuid`;
}

/** Uses of one kind, as one event: the first of an hour, and then how many there were. */
export async function auditUses(
  { id, name }: { id: string; name: string },
  {
    count,
    address,
    protocol,
    outcome,
  }: { count: number; address: string } & Pick<NewAttempt, "protocol" | "outcome">,
): Promise<void> {
  const actor = { kind: "device", id, name, address } as const;
  const object = { kind: "device", id, name };
  const detail = { protocol, outcome, count };
  await db().$transaction((tx) => recordAudit(tx, actor, { action: "device.use", object, detail }));
}
