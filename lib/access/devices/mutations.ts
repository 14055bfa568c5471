import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { DAY_MS, wallTime } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey, nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import type { Prisma } from "@/prisma/generated/client";
import { hashPassword, newPassword, newPrefix } from "./password";
import type { CreateDevice, NewPassword } from "./schema";

/**
 * @returns the password: this is the only time that it is shown
 * @throws AppError unprocessable with fields
 */
export async function createDevice(actor: Actor, input: CreateDevice): Promise<NewPassword> {
  requirePermission(actor, "devices:write");
  const { expiresOn = null, ...limits } = input;
  const expiresAt = expiresOn === null ? null : endOfDay(expiresOn);
  if (expiresAt && expiresAt <= (await databaseNow()))
    throw fieldError("expiresOn", "This day is over. Choose a later one.");
  const id = randomUUID();
  const prefix = newPrefix();
  const password = newPassword(prefix);
  await db().$transaction(async (tx) => {
    await requireAccount(tx, input.emailAccountId);
    const senders = (input.senders ?? []).map(emailKey);
    const passwordHash = hashPassword(password);
    const columns = { id, nameKey: nameKey(input.name), prefix, passwordHash, expiresAt, senders };
    const data = { ...limits, ...columns, createdByName: actor.name };
    await tx.device.create({ data, select: { id: true } });
    const detail = { ...limits, senders, prefix, expiresOn };
    await tell(tx, actor, { action: "device.create", id, name: input.name, detail });
  });
  return { id, password };
}

/** Gives a device a new password; the one before it works no more, and its sessions end. */
export async function rotateDevice(actor: Actor, { id }: { id: string }): Promise<NewPassword> {
  requirePermission(actor, "devices:write");
  return db().$transaction(async (tx) => {
    const device = await tx.device.findFirst({
      where: { id, revokedAt: null },
      select: { prefix: true },
    });
    if (!device) throw deviceNotFound();
    const password = newPassword(device.prefix);
    const name = await change(tx, id, {
      passwordHash: hashPassword(password),
      passwordVersion: { increment: 1 },
    });
    await tell(tx, actor, { action: "device.rotate", id, name });
    return { id, password };
  });
}

/** Keeps a device out, or lets it in again. */
export async function pauseDevice(
  actor: Actor,
  { id, paused }: { id: string; paused: boolean },
): Promise<void> {
  requirePermission(actor, "devices:write");
  await db().$transaction(async (tx) => {
    const name = await change(tx, id, { paused });
    await tell(tx, actor, { action: paused ? "device.pause" : "device.resume", id, name });
  });
}

/** Ends a device for good: its sessions are closed, and its password works no more. */
export async function revokeDevice(actor: Actor, { id }: { id: string }): Promise<void> {
  requirePermission(actor, "devices:write");
  await db().$transaction(async (tx) => {
    const name = await change(tx, id, { revokedAt: wallTime() });
    await tell(tx, actor, { action: "device.revoke", id, name });
  });
}

/** @returns its name @throws AppError not_found */
async function change(
  tx: Transaction,
  id: string,
  data: Prisma.DeviceUpdateManyMutationInput,
): Promise<string> {
  const [device] = await tx.device.updateManyAndReturn({
    where: { id, revokedAt: null },
    data,
    select: { name: true },
  });
  if (!device) throw deviceNotFound();
  return device.name;
}

export function deviceNotFound(): AppError {
  return new AppError("not_found", "This device no longer exists.");
}

async function requireAccount(tx: Transaction, id: string): Promise<void> {
  const account = await tx.emailAccount.findUnique({ where: { id }, select: { id: true } });
  if (!account) throw fieldError("emailAccountId", "This email account no longer exists.");
}

function endOfDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS);
}

type Told = { action: string; id: string; name: string; detail?: Prisma.InputJsonObject };

async function tell(tx: Transaction, actor: Actor, { action, id, name, detail }: Told) {
  const object = { kind: "device", id, name };
  await recordAudit(tx, actor, { action, object, ...(detail && { detail }) });
  await publish(tx, { type: "device", id });
}
