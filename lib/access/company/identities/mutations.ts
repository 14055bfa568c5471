import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requireRecentProof } from "@/lib/kernel/actor";
import { serializable } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { requireOneself } from "../../oneself";

/**
 * Takes one's own identity away; its sessions end.
 * @throws AppError not_found; conflict when there is no other way in
 */
export async function unlinkOwnIdentity(actor: Actor, { id }: { id: string }): Promise<void> {
  requireOneself(actor);
  requireRecentProof(actor);
  await serializable(async (tx) => {
    const person = await tx.administrator.findUnique({
      where: { id: actor.id },
      select: { passwordHash: true, identities: { select: { id: true, companySignIn: true } } },
    });
    const identity = person?.identities.find((each) => each.id === id);
    if (!person || !identity) throw new AppError("not_found", "This sign-in was removed already.");
    if (person.passwordHash === null && person.identities.length === 1)
      throw new AppError(
        "conflict",
        "This is your only way in. Ask an administrator for a password link first.",
      );
    await tx.administratorIdentity.delete({ where: { id }, select: { id: true } });
    await tx.administrator.updateMany({
      where: { id: actor.id, managedById: identity.companySignIn.id },
      data: { managedById: null },
    });
    const object = { kind: "administrator", id: actor.id, name: actor.name };
    const detail = { company: identity.companySignIn.name };
    await recordAudit(tx, actor, { action: "identity.unlink", object, detail });
  });
}
