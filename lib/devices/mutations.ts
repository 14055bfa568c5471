import { randomUUID } from "node:crypto";
import { changedFields, changedValues, staleEdit } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import { PROTOCOL_NAMES } from "@/lib/egress/protocols/schema";
import { lacksServer } from "@/lib/egress/schema";
import type { Actor } from "@/lib/kernel/actor";
import { endOfDay, wallTime } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { emailKey, nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { holdsLinks } from "@/lib/letters/mailboxes/queries";
import { decision } from "@/lib/people/decision";
import { findMaker } from "@/lib/people/makers/queries";
import type { Prisma } from "@/prisma/generated/client";
import { hashPassword, newPassword, newPrefix } from "./authenticate";
import { findEditedDevice } from "./queries";
import {
  type CreateDevice,
  createDeviceSchema,
  deviceIdSchema,
  type NewPassword,
  pauseDeviceSchema,
  type UpdateDevice,
  updateDeviceSchema,
} from "./schema";

const tell = tellOf("device", "device");

/** The password is shown only this time. @throws AppError unprocessable with fields */
export const createDevice = decision({
  input: createDeviceSchema,
  permission: "devices:write",
  proof: true,
  async run({ tx, actor }, input): Promise<NewPassword> {
    await requireToCome(input.expiresOn, tx);
    return insertDevice(tx, actor, input);
  },
});

export async function insertDevice(
  tx: Transaction,
  actor: Actor,
  { expiresOn, ...limits }: CreateDevice,
): Promise<NewPassword> {
  await requireAccount(tx, limits);
  const id = randomUUID();
  const prefix = newPrefix();
  const password = newPassword(prefix);
  const senders = limits.senders.map(emailKey);
  const columns = { id, nameKey: nameKey(limits.name), prefix, senders };
  const secrets = {
    passwordHash: hashPassword(password),
    expiresAt: expiresOn && endOfDay(expiresOn),
  };
  const maker = { createdByName: actor.name, createdById: await findMaker(tx, actor) };
  const data = { ...limits, ...columns, ...secrets, ...maker };
  await tx.device.create({ data, select: { id: true } });
  const detail = { ...limits, senders, prefix, expiresOn };
  await tell(tx, actor, { action: "device.create", id, name: limits.name, detail });
  return { id, password };
}

const LABELS = {
  name: "Name",
  emailAccountId: "Email account",
  protocols: "Protocols",
  senders: "Allowed senders",
  rewriteFrom: "Replace the From address",
  networks: "Allowed networks",
  messagesPerMinute: "Messages per minute",
  expiresOn: "Expires on",
} as const;

/** The password stays; sessions that no longer may go on end. @throws AppError stale, not_found, unprocessable with fields */
export const updateDevice = decision({
  input: updateDeviceSchema,
  permission: "devices:write",
  async run({ tx, actor }, input): Promise<void> {
    const { id, version } = input;
    const before = await findEditedDevice(actor, id, tx);
    if (!before) throw deviceNotFound();
    const object = { kind: "device", id, name: before.name };
    if (before.version !== version) throw await staleEdit(object, version, tx);
    const after = { ...input, senders: input.senders.map(emailKey) };
    const changed = changedFields(before, after, LABELS);
    if (changed.length === 0) return;
    if (input.expiresOn !== before.expiresOn) await requireToCome(input.expiresOn, tx);
    await requireAccount(tx, input);
    const isMoved = input.emailAccountId !== before.emailAccountId;
    const { count } = await tx.device.updateMany({
      where: { id, version, revokedAt: null },
      data: { ...columnsOf(after), ...(isMoved && NO_FAILURE), version: { increment: 1 } },
    });
    if (count !== 1) throw await staleEdit(object, version, tx);
    const names = await accountNames(tx, [before.emailAccountId, input.emailAccountId]);
    const values = changedValues(before, after, { labels: LABELS, names });
    const detail = { version: version + 1, changed, ...values };
    await tell(tx, actor, { action: "device.update", id, name: input.name, detail });
  },
});

/** What the account of before refused says nothing about another one. */
const NO_FAILURE = { failureId: null, failureProtocol: null, failedAt: null };

function columnsOf({ id, version, expiresOn, ...columns }: UpdateDevice) {
  return {
    ...columns,
    nameKey: nameKey(columns.name),
    expiresAt: expiresOn && endOfDay(expiresOn),
  };
}

async function accountNames(tx: Transaction, ids: string[]): Promise<Map<string, string>> {
  const where = { id: { in: ids } };
  const rows = await tx.emailAccount.findMany({ where, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export const rotateDevice = decision({
  input: deviceIdSchema,
  permission: "devices:write",
  proof: true,
  async run({ tx, actor }, { id }): Promise<NewPassword> {
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
  },
});

export const pauseDevice = decision({
  input: pauseDeviceSchema,
  permission: "devices:write",
  of: "Device",
  async run({ tx, actor }, { id, paused }): Promise<void> {
    const name = await change(tx, id, { paused, version: { increment: 1 } });
    await tell(tx, actor, { action: paused ? "device.pause" : "device.resume", id, name });
  },
});

export const revokeDevice = decision({
  input: deviceIdSchema,
  permission: "devices:write",
  of: "Device",
  async run({ tx, actor }, { id }): Promise<void> {
    const name = await change(tx, id, { revokedAt: wallTime(), revokedByName: actor.name });
    await tell(tx, actor, { action: "device.revoke", id, name });
  },
});

async function change(tx: Transaction, id: string, data: Prisma.DeviceUpdateManyMutationInput) {
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

type Wanted = Pick<CreateDevice, "emailAccountId" | "protocols">;

async function requireAccount(tx: Transaction, { emailAccountId: id, protocols }: Wanted) {
  const account = await tx.emailAccount.findUnique({ where: { id }, select: { hosts: true } });
  if (!account) throw fieldError("emailAccountId", "This email account no longer exists.");
  const missing = protocols.find((protocol) => lacksServer(account.hosts, protocol));
  if (missing)
    throw fieldError("protocols", `The email account has no ${PROTOCOL_NAMES[missing]} server.`);
  if (protocols.some((protocol) => protocol !== "smtp") && (await holdsLinks(id, tx)))
    throw fieldError("protocols", SENDS_ONLY);
}

const SENDS_ONLY =
  "This mailbox sends or receives links that open Postkey. Until they expire, devices can only send with it: choose SMTP alone.";

/** @throws AppError unprocessable for a day that is over */
export async function requireToCome(day: string | null, tx?: Transaction): Promise<void> {
  if (day && endOfDay(day) <= (await databaseNow(0, tx)))
    throw fieldError("expiresOn", "This day has passed. Choose a later one.");
}
