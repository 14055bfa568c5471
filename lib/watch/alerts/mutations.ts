import { randomBytes, randomUUID } from "node:crypto";
import { changedFields, staleEdit } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import type { AlertChannel } from "@/prisma/generated/client";
import {
  requireAccount,
  requireFreeName,
  requireNoReaders,
  requireOnlySender,
  sealAddress,
  sealSecret,
} from "./channels/store";
import {
  keepsAddress,
  needsPassword,
  passwordColumn,
  requireAllowedTarget,
  requirePasswordFor,
  targetOf,
} from "./channels/target";
import {
  alertChannelIdSchema,
  type CreateAlertChannel,
  createAlertChannelSchema,
  sendsLinks,
  type Target,
  targetSchema,
  type UpdateAlertChannel,
  updateAlertChannelSchema,
} from "./schema";
import {
  findPendingDelivery,
  insertTestDelivery,
  type NewAlert,
  type PendingDelivery,
} from "./store";

const tell = tellOf("alert_channel", "alert");

/**
 * @returns the webhook's signing secret, shown once
 * @throws AppError conflict on `name`, unprocessable with fields
 */
export const createAlertChannel = command({
  input: createAlertChannelSchema,
  permission: "alerts:write",
  async run({ tx, actor }, input): Promise<{ id: string; secret: string | null }> {
    if (sendsLinks(input)) requireMayChooseSender(actor);
    if (input.kind === "smtp" && input.user !== "" && input.password === "")
      throw fieldError("password", "Enter the password.");
    await requirePossible(tx, input);
    const id = randomUUID();
    const { name, kind } = input;
    const secret = kind === "webhook" ? newSigningSecret() : null;
    const stored = secret ?? (needsPassword(input) ? input.password : null);
    const target = targetOf(input);
    await tx.alertChannel.create({
      data: {
        id,
        kind,
        ...columnsOf(input, target),
        secretSealed: stored === null ? null : sealSecret({ alertChannelId: id, target }, stored),
        addressSealed: kind === "webhook" ? sealAddress(id, input.url) : null,
        createdByName: actor.name,
      },
      select: { id: true },
    });
    await requireNoReaders(tx, input);
    await tell(tx, actor, { action: "alert_channel.create", id, name });
    return { id, secret };
  },
});

/** @throws AppError stale, not_found, conflict on `name`, unprocessable with fields */
export const updateAlertChannel = command({
  input: updateAlertChannelSchema,
  permission: "alerts:write",
  async run({ tx, actor }, input): Promise<void> {
    const { id, version, name, kind } = input;
    const before = await tx.alertChannel.findUnique({ where: { id } });
    if (!before) throw channelNotFound();
    const object = { kind: "alert_channel", id, name: before.name };
    if (before.version !== version) throw await staleEdit(object, version);
    if (before.kind !== kind)
      throw fieldError(
        "kind",
        "You can't change the kind of a channel. Add a new channel and delete this one.",
      );
    if (before.sendsLinks || sendsLinks(input)) requireMayChooseSender(actor);
    requirePasswordFor(input, before);
    const isAddressKept = keepsAddress(input, before);
    const target = isAddressKept ? targetSchema.parse(before.target) : targetOf(input);
    const secret = passwordColumn(input);
    const changed = changesOf(before, input, { target, secret, isAddressKept });
    if (changed.length === 0) return;
    await requirePossible(tx, input, id);
    const { count } = await tx.alertChannel.updateMany({
      where: { id, version },
      data: {
        ...columnsOf(input, target),
        linksStoppedAt: null,
        version: { increment: 1 },
        // Unknown until something is sent.
        failingSince: null,
        failureText: null,
        ...(secret !== undefined && { secretSealed: secret }),
        ...(kind === "webhook" && !isAddressKept && { addressSealed: sealAddress(id, input.url) }),
      },
    });
    if (count !== 1) throw await staleEdit(object, version);
    await requireNoReaders(tx, input);
    const detail = { version: version + 1, changed };
    await tell(tx, actor, { action: "alert_channel.update", id, name, detail });
  },
});

const LABELS = {
  name: "Name",
  enabled: "Enabled",
  sendsLinks: "Sends links",
  kind: "Kind",
  target: "Target",
} as const;
type Stored = { target: Target; secret: string | null | undefined; isAddressKept: boolean };

function changesOf(
  { secretSealed, ...before }: Pick<AlertChannel, keyof typeof LABELS | "secretSealed">,
  input: UpdateAlertChannel,
  { target, secret, isAddressKept }: Stored,
): string[] {
  const { name, enabled, kind } = input;
  const after = { name, enabled, sendsLinks: sendsLinks(input), kind, target };
  const changed = changedFields(before, after, LABELS);
  if (secret || (secret === null && secretSealed !== null)) changed.push("Password");
  // Only origins can be compared; a typed address counts as a change.
  if (kind === "webhook" && !isAddressKept && !changed.includes(LABELS.target))
    changed.push(LABELS.target);
  return changed;
}

async function requirePossible(tx: Transaction, input: CreateAlertChannel, ownId?: string) {
  requireAllowedTarget(input);
  await requireFreeName(tx, input.name, ownId);
  await requireAccount(tx, input);
  await requireOnlySender(tx, input, ownId);
}

function columnsOf(input: CreateAlertChannel, target: Target) {
  const { name, enabled } = input;
  return { name, nameKey: nameKey(name), enabled, sendsLinks: sendsLinks(input), target };
}

/** The old one is void at once; shown once. */
export const renewSigningSecret = command({
  input: alertChannelIdSchema,
  permission: "alerts:write",
  proof: true,
  async run({ tx, actor }, { id }): Promise<{ secret: string }> {
    const secret = newSigningSecret();
    const target = { kind: "webhook", origin: "" } as const;
    const [channel] = await tx.alertChannel.updateManyAndReturn({
      where: { id, kind: "webhook" },
      data: {
        secretSealed: sealSecret({ alertChannelId: id, target }, secret),
        version: { increment: 1 },
      },
      select: { name: true, version: true },
    });
    if (!channel) throw channelNotFound();
    const detail = { version: channel.version, changed: ["Signing secret"] };
    await tell(tx, actor, { action: "alert_channel.update", id, name: channel.name, detail });
    return { secret };
  },
});

/** Pending deliveries are dropped. */
export const deleteAlertChannel = command({
  input: alertChannelIdSchema,
  permission: "alerts:write",
  of: "AlertChannel",
  async run({ tx, actor }, { id }): Promise<void> {
    const select = { name: true, sendsLinks: true } as const;
    const channel = await tx.alertChannel.findUnique({ where: { id }, select });
    if (!channel) throw channelNotFound();
    if (channel.sendsLinks) requireMayChooseSender(actor);
    await tx.alertChannel.delete({ where: { id }, select: { id: true } });
    await tell(tx, actor, { action: "alert_channel.delete", id, name: channel.name });
  },
});

/** Sent once, by the caller. @throws AppError not_found */
export async function beginTestDelivery(
  actor: Actor,
  { id, ...alert }: { id: string } & Pick<NewAlert, "subject" | "text" | "payload">,
): Promise<PendingDelivery> {
  requirePermission(actor, "alerts:write");
  return db().$transaction(async (tx) => {
    const channel = await tx.alertChannel.findUnique({ where: { id }, select: { name: true } });
    if (!channel) throw channelNotFound();
    const deliveryId = await insertTestDelivery(tx, id, alert);
    const pending = await findPendingDelivery(deliveryId, { tx, alsoDisabled: true });
    if (!pending) throw channelNotFound();
    if (pending.target.kind === "email_account") requirePermission(actor, "mail:send");
    await tell(tx, actor, { action: "alert_channel.test", id, name: channel.name });
    return pending;
  });
}

/** Standard Webhooks: 24 to 64 random bytes. */
function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** Links open accounts: programs may not choose where they go. */
function requireMayChooseSender(actor: Actor): void {
  if (actor.kind !== "user")
    throw new AppError(
      "access_denied",
      "Only people can choose or change the channel that sends links to people.",
    );
  requireRecentProof(actor);
}

export function channelNotFound(): AppError {
  return new AppError("not_found", "This alert channel no longer exists.");
}
