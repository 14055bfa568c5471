import type { Actor } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { noInputSchema } from "@/lib/kernel/fields/schema";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { decision, decisionAboutPeople } from "@/lib/people/decision";
import { putInvitation } from "../links/mutations";
import { voidLinksBy } from "../links/store";
import { endWaysIn, tellPerson } from "../store";
import {
  endSessionSchema,
  endSessionsOfSchema,
  inviteSchema,
  renameOneselfSchema,
  setAdministratorActiveSchema,
  setRoleSchema,
} from "./schema";
import { requireAdministratorLeft } from "./store";

/** The link is shown only this time. @throws AppError unprocessable on `email` of someone who is here */
export const inviteAdministrator = decisionAboutPeople({
  input: inviteSchema,
  async run(deed, { role, email: typed, name = null }): Promise<{ link: string }> {
    const email = typed === undefined ? null : emailKey(typed);
    const detail = { role, ...(email !== null && { email }) };
    return putInvitation(deed, { role, name, email }, { action: "administrator.invite", detail });
  },
});

/** What was written down before keeps the earlier name. */
export const renameOneself = decision({
  input: renameOneselfSchema,
  permission: "oneself",
  async run({ tx, actor }, { name }): Promise<void> {
    if (name === actor.name) return;
    await tx.administrator.updateMany({ where: { id: actor.id }, data: { name } });
    const detail = { from: actor.name, to: name };
    await tellPerson(tx, { action: "administrator.rename", id: actor.id, name, by: actor, detail });
  },
});

/** Whom their company disabled is decided about here from then on: it would disable them again. */
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
    const action = active ? "administrator.enable" : "administrator.disable";
    const detail = takenFrom && { detail: { noLongerDecidedBy: takenFrom.name } };
    await tellPerson(tx, { action, id, name, by: actor, ...detail });
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
      select: { name: true, role: true, managedBy: { select: { name: true, enabled: true } } },
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
    const detail = { from: person.role, to: role };
    await tellPerson(tx, { action: "role.change", id, name: person.name, by: actor, detail });
    await requireAdministratorLeft(tx);
  },
});

export const endOwnSession = decision({
  input: endSessionSchema,
  permission: "oneself",
  async run({ tx, actor }, { id }): Promise<void> {
    const where = { id, administratorId: actor.id };
    const { count: sessions } = await tx.session.deleteMany({ where });
    if (sessions === 0) throw new AppError("not_found", "This session has already ended.");
    await recordEnd(tx, actor, { administratorId: actor.id, sessions });
  },
});

export const endOtherSessions = decision({
  input: noInputSchema,
  permission: "oneself",
  async run({ tx, actor }): Promise<number> {
    const sessions = await endWaysIn(tx, actor.id, { butFor: actor.sessionId });
    return recordEnd(tx, actor, { administratorId: actor.id, sessions });
  },
});

export const endSessionsOf = decision({
  input: endSessionsOfSchema,
  permission: "administrators:write",
  async run({ tx, actor }, { administratorId }): Promise<number> {
    const sessions = await endWaysIn(tx, administratorId);
    return recordEnd(tx, actor, { administratorId, sessions });
  },
});

type Ended = { administratorId: string; sessions: number };

async function recordEnd(tx: Transaction, actor: Actor, { administratorId: id, sessions }: Ended) {
  if (sessions === 0) return 0;
  const where = { id };
  const person = await tx.administrator.findUnique({ where, select: { name: true } });
  const told = { id, name: person?.name ?? "", by: actor, detail: { sessions } };
  await tellPerson(tx, { action: "session.end_others", ...told });
  return sessions;
}
