import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { wallTime } from "@/lib/kernel/clock";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { decision, decisionAboutPeople } from "@/lib/people/decision";
import { invitationLink } from "../links/mutations";
import { createInvitation, requireFree, voidLinksBy } from "../links/store";
import { requireAdministratorLeft } from "../roles/store";
import { endWaysIn } from "../store";
import {
  inviteSchema,
  renameOneselfSchema,
  setAdministratorActiveSchema,
  setRoleSchema,
} from "./schema";

/**
 * The link is shown only this time. @throws AppError unprocessable on `email` when someone has that address
 */
export const inviteAdministrator = decisionAboutPeople({
  input: inviteSchema,
  async run({ tx, actor }, { role, email, name }): Promise<{ link: string }> {
    const token = randomToken();
    const address = email === undefined ? null : emailKey(email);
    if (address !== null) await requireFree(tx, address);
    const { id } = await createInvitation(tx, {
      tokenHash: hashToken(token),
      role,
      email: address,
      name: name ?? null,
      invitedById: actor.id,
      invitedByName: actor.name,
    });
    await recordAudit(tx, actor, {
      action: "administrator.invite",
      object: { kind: "invitation", id, name: name ?? address ?? "" },
      detail: { role, ...(address !== null && { email: address }) },
    });
    return { link: invitationLink(token) };
  },
});

/** What was written down before keeps the earlier name. */
export const renameOneself = decision({
  input: renameOneselfSchema,
  permission: "oneself",
  async run({ tx, actor }, { name }): Promise<void> {
    if (name === actor.name) return;
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
  },
});

/**
 * Their role is decided here once a person enables whom their company disabled: the company would disable them at
 * the next sign-in. @throws AppError conflict, not_found
 */
export const setAdministratorActive = decisionAboutPeople({
  input: setAdministratorActiveSchema,
  async run({ tx, actor }, { id, active }): Promise<void> {
    if (id === actor.id) throw new AppError("conflict", "You cannot disable yourself.");
    const { name, takenFrom } = await switchPerson(tx, { id, active });
    if (!active) {
      // What was under way for them lets them in no more, once they are enabled again either.
      await endWaysIn(tx, id, { also: "password_link" });
      await voidLinksBy(tx, id);
    }
    await recordAudit(tx, actor, {
      action: active ? "administrator.enable" : "administrator.disable",
      object: { kind: "administrator", id, name },
      ...(takenFrom && { detail: { noLongerDecidedBy: takenFrom.name } }),
    });
    await requireAdministratorLeft(tx);
  },
});

async function switchPerson(tx: Transaction, { id, active }: { id: string; active: boolean }) {
  const person = await tx.administrator.findUnique({
    where: { id },
    select: { name: true, disabledByCompany: { select: { name: true } } },
  });
  if (!person) throw new AppError("not_found", "This person no longer exists.");
  const takenFrom = active ? person.disabledByCompany : null;
  const disabledAt = active ? null : wallTime();
  const data = { disabledAt, disabledByCompanyId: null, ...(takenFrom && { managedById: null }) };
  await tx.administrator.update({ where: { id }, data, select: { id: true } });
  return { name: person.name, takenFrom };
}

/** @throws AppError conflict, not_found */
export const setAdministratorRole = decisionAboutPeople({
  input: setRoleSchema,
  async run({ tx, actor }, { id, role }): Promise<void> {
    if (id === actor.id) throw new AppError("conflict", "You cannot change your own role.");
    const person = await tx.administrator.findUnique({
      where: { id },
      select: {
        name: true,
        role: true,
        managedBy: { select: { name: true, enabled: true } },
      },
    });
    if (!person) throw new AppError("not_found", "This person no longer exists.");
    if (person.role === role) return;
    // A company at which no one can sign in decides nothing.
    if (person.managedBy?.enabled)
      throw new AppError(
        "conflict",
        `${person.managedBy.name} decides this role at each sign-in. Change the person's groups there.`,
      );
    await tx.administrator.update({ where: { id }, data: { role }, select: { id: true } });
    // Links of a person who may no longer invite admit no one.
    if (person.role === "administrator") await voidLinksBy(tx, id);
    await recordAudit(tx, actor, {
      action: "role.change",
      object: { kind: "administrator", id, name: person.name },
      detail: { from: person.role, to: role },
    });
    await requireAdministratorLeft(tx);
  },
});
