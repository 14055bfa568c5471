import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/mutations";
import { changedFields, staleEdit } from "@/lib/audit/stale-edit";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { sealAddress, sealSecret } from "./channels/store";
import {
  keepsAddress,
  needsPassword,
  passwordColumn,
  requireAllowedTarget,
  requirePasswordFor,
  targetOf,
} from "./channels/target";
import { type CreateAlertChannel, targetSchema, type UpdateAlertChannel } from "./schema";

/**
 * @returns the signing secret of a webhook, which is shown this once
 * @throws AppError conflict on `name`, unprocessable with fields
 */
export async function createAlertChannel(
  actor: Actor,
  input: CreateAlertChannel,
): Promise<{ id: string; secret: string | null }> {
  requirePermission(actor, "alerts:write");
  requireAllowedTarget(input);
  if (input.kind === "smtp" && input.user !== "" && input.password === "")
    throw fieldError("password", "Enter the password.");
  const id = randomUUID();
  const secret = input.kind === "webhook" ? newSigningSecret() : null;
  const stored = secret ?? (needsPassword(input) ? input.password : null);
  const { name, kind, enabled } = input;
  const target = targetOf(input);
  await db().$transaction(async (tx) => {
    await requireFreeName(tx, name);
    await requireAccount(tx, input);
    await tx.alertChannel.create({
      data: {
        id,
        kind,
        name,
        nameKey: nameKey(name),
        enabled,
        target,
        secretSealed: stored === null ? null : sealSecret({ alertChannelId: id, target }, stored),
        addressSealed: kind === "webhook" ? sealAddress(id, input.url) : null,
        createdByName: actor.name,
      },
      select: { id: true },
    });
    await tell(tx, actor, { action: "alert_channel.create", id, name });
  });
  return { id, secret };
}

const LABELS = { name: "Name", enabled: "Enabled", kind: "Kind", target: "Target" } as const;

/** @throws AppError stale, not_found, conflict on `name`, unprocessable with fields */
export async function updateAlertChannel(actor: Actor, input: UpdateAlertChannel): Promise<void> {
  requirePermission(actor, "alerts:write");
  requireAllowedTarget(input);
  const { id, version, name, enabled, kind } = input;
  const before = await db().alertChannel.findUnique({
    where: { id },
    select: {
      name: true,
      enabled: true,
      kind: true,
      target: true,
      secretSealed: true,
      addressSealed: true,
      version: true,
    },
  });
  if (!before) throw channelNotFound();
  const object = { kind: "alert_channel", id, name: before.name };
  if (before.version !== version) throw await staleEdit(object, version);
  if (before.kind !== kind)
    throw fieldError(
      "kind",
      "You can't change the kind of a channel. Add a new channel and delete this one.",
    );
  requirePasswordFor(input, before);
  const isAddressKept = keepsAddress(input, before);
  const target = isAddressKept ? targetSchema.parse(before.target) : targetOf(input);
  const secret = passwordColumn(input);
  const isUpdated = await db().$transaction(async (tx) => {
    await requireFreeName(tx, name, id);
    await requireAccount(tx, input);
    const { count } = await tx.alertChannel.updateMany({
      where: { id, version },
      data: {
        name,
        nameKey: nameKey(name),
        enabled,
        target,
        version: { increment: 1 },
        // Whether it works now is not known until something is sent.
        failingSince: null,
        failureText: null,
        ...(secret !== undefined && { secretSealed: secret }),
        ...(kind === "webhook" && !isAddressKept && { addressSealed: sealAddress(id, input.url) }),
      },
    });
    if (count !== 1) return false;
    const changed = changedFields(before, { name, enabled, kind, target }, LABELS);
    if (secret) changed.push("Password");
    // Of an address only the origin can be compared: one that was typed counts as another.
    if (kind === "webhook" && !isAddressKept && !changed.includes(LABELS.target))
      changed.push(LABELS.target);
    const detail = { version: version + 1, changed };
    await tell(tx, actor, { action: "alert_channel.update", id, name, detail });
    return true;
  });
  if (!isUpdated) throw await staleEdit(object, version);
}

/** A new signing secret of a webhook; the one before is void at once. Shown this once. */
export async function renewSigningSecret(actor: Actor, { id }: { id: string }): Promise<string> {
  requirePermission(actor, "alerts:write");
  requireRecentProof(actor);
  const secret = newSigningSecret();
  await db().$transaction(async (tx) => {
    const [channel] = await tx.alertChannel.updateManyAndReturn({
      where: { id, kind: "webhook" },
      data: {
        secretSealed: sealSecret(
          { alertChannelId: id, target: { kind: "webhook", origin: "" } },
          secret,
        ),
        version: { increment: 1 },
      },
      select: { name: true, version: true },
    });
    if (!channel) throw channelNotFound();
    const detail = { version: channel.version, changed: ["Signing secret"] };
    await tell(tx, actor, { action: "alert_channel.update", id, name: channel.name, detail });
  });
  return secret;
}

/** Deletes the channel with its log; what waits for it is not sent any more. */
export async function deleteAlertChannel(actor: Actor, { id }: { id: string }): Promise<void> {
  requirePermission(actor, "alerts:write");
  await db().$transaction(async (tx) => {
    const channel = await tx.alertChannel.findUnique({ where: { id }, select: { name: true } });
    if (!channel) throw channelNotFound();
    await tx.alertChannel.delete({ where: { id }, select: { id: true } });
    await tell(tx, actor, { action: "alert_channel.delete", id, name: channel.name });
  });
}

const KEPT_DAYS = 400;

/** Alerts that are no longer needed, with their deliveries. */
export async function deleteOldAlerts(): Promise<void> {
  await db().alert.deleteMany({
    where: { createdAt: { lt: await databaseNow(-KEPT_DAYS * DAY_MS) } },
  });
}

/** Standard Webhooks: 24 to 64 random bytes. */
function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

async function requireFreeName(tx: Transaction, name: string, ownId?: string): Promise<void> {
  const taken = await tx.alertChannel.findUnique({
    where: { nameKey: nameKey(name) },
    select: { id: true },
  });
  if (!taken || taken.id === ownId) return;
  const message = "Another channel already has this name.";
  throw new AppError("conflict", message, { fields: { name: [message] } });
}

async function requireAccount(tx: Transaction, input: CreateAlertChannel): Promise<void> {
  const { kind, emailAccountId } = input;
  if (kind !== "email_account" || !emailAccountId) return;
  if ((await tx.emailAccount.count({ where: { id: emailAccountId } })) === 0)
    throw fieldError("emailAccountId", "This account no longer exists. Choose another one.");
}

function channelNotFound(): AppError {
  return new AppError("not_found", "This alert channel no longer exists.");
}

type Change = {
  action: string;
  id: string;
  name: string;
  detail?: { version: number; changed: string[] };
};

async function tell(tx: Transaction, actor: Actor, change: Change): Promise<void> {
  const { action, id, name, detail } = change;
  const object = { kind: "alert_channel", id, name };
  await recordAudit(tx, actor, { action, object, ...(detail && { detail }) });
  await publish(tx, { type: "alert", id });
}
