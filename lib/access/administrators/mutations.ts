import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { db, serializable } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { requireOneself } from "../oneself";
import { createInvitation } from "./store";

/** @returns a one-time link, good for a day: this is the only time that it is shown */
export async function inviteAdministrator(actor: Actor): Promise<{ link: string }> {
  requirePermission(actor, "administrators:write");
  requireRecentProof(actor);
  const token = randomToken();
  await db().$transaction(async (tx) => {
    await createInvitation(tx, { tokenHash: hashToken(token), invitedByName: actor.name });
    await recordAudit(tx, actor, {
      action: "administrator.invite",
      object: { kind: "administrator", id: "", name: "" },
    });
  });
  return { link: `${env().url.origin}/setup#${token}` };
}

/** What was written down before keeps the earlier name. */
export async function renameOneself(actor: Actor, { name }: { name: string }): Promise<void> {
  requireOneself(actor);
  if (name === actor.name) return;
  await db().$transaction(async (tx) => {
    await tx.administrator.update({
      where: { id: actor.id },
      data: { name },
      select: { id: true },
    });
    await recordAudit(tx, actor, {
      action: "administrator.rename",
      object: { kind: "administrator", id: actor.id, name },
      detail: { from: actor.name, to: name },
    });
  });
}

/**
 * Disables an administrator and ends their sessions, or enables them again. Administrators cannot disable
 * themselves, so one always remains.
 *
 * @throws AppError conflict, not_found
 */
export async function setAdministratorActive(
  actor: Actor,
  { id, active }: { id: string; active: boolean },
): Promise<void> {
  requirePermission(actor, "administrators:write");
  requireRecentProof(actor);
  if (id === actor.id) throw new AppError("conflict", "You cannot disable yourself.");
  await serializable(async (tx) => {
    const [person] = await tx.administrator.updateManyAndReturn({
      where: { id },
      data: { disabledAt: active ? null : wallTime() },
      select: { name: true },
    });
    if (!person) throw new AppError("not_found", "This administrator no longer exists.");
    if (!active) await tx.session.deleteMany({ where: { administratorId: id } });
    await recordAudit(tx, actor, {
      action: active ? "administrator.enable" : "administrator.disable",
      object: { kind: "administrator", id, name: person.name },
    });
    // Two who disable each other at once must not both succeed.
    if ((await tx.administrator.count({ where: { disabledAt: null } })) === 0)
      throw new AppError("conflict", "At least one administrator must be able to sign in.");
  });
}
