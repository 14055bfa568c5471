import { recordAudits } from "@/lib/audit/mutations";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { refusedBy } from "@/lib/remedies/app-error";
import { withAudit } from "../../administrators/sessions";
import { countLocalAdministrators } from "../../administrators/store";
import { voidLinksBy } from "../../links/store";
import type { Role } from "../../roles/schema";
import { decideAboutPeople, endWaysIn, tellPerson } from "../../store";
import { isMapped } from "../claims";
import type { Known } from "../identities/mutations";
import { type Company, requireUnchangedCompany } from "../store";

async function isLastLocal(tx: Transaction, person: Standing): Promise<boolean> {
  return (
    person.role === "administrator" &&
    person.passwordHash !== null &&
    (await countLocalAdministrators(tx, person.id)) === 0
  );
}

type Standing = { id: string; role: string; passwordHash: string | null };

/**
 * Where the company decides their role, they are disabled until it gives one again: a password, a passkey or a
 * session of theirs would be a second door. The last administrator who gets in without the company stays. @throws
 * AppError conflict when the company was switched off or changed since it was asked: nothing is taken
 */
export async function revokeByCompany(
  company: Company,
  { id: identityId, administratorId }: Pick<Known, "id" | "administratorId">,
  why?: Why,
): Promise<void> {
  const ending = { company, sessions: { identityId }, why };
  // Whom the company decides nothing about has only what they began there.
  if (!(await findDecided(db(), company, administratorId)))
    return withAudit(async (tx, isAudited) => {
      await requireUnchangedCompany(company, tx);
      await endForCompany(tx, { ...ending, isAudited });
    });
  await decideAboutPeople(async (tx) => {
    await requireUnchangedCompany(company, tx);
    await endForCompany(tx, { ...ending, isAudited: true });
    const person = await findDecided(tx, company, administratorId);
    if (!person) return;
    const isKept = await isLastLocal(tx, person);
    if (!isKept) {
      const data = { disabledAt: await databaseNow(0, tx), disabledByCompanyId: company.id };
      await tx.administrator.updateMany({ where: { id: administratorId }, data });
      await endWaysIn(tx, administratorId, { also: "password_link" });
      await voidLinksBy(tx, administratorId);
    }
    const action = isKept ? "identity.role_kept" : "identity.revoke";
    const detail = { from: person.role, claim: company.roleClaim };
    const { id, name } = person;
    await tellPerson(tx, { action, id, name, by: companyActor(company), detail });
  });
}

async function findDecided(tx: Transaction, company: Company, id: string) {
  const person = await tx.administrator.findUniqueOrThrow({ where: { id }, include: MANAGED_BY });
  return !person.disabledAt && isDecidedBy(company, person) ? person : null;
}

const MANAGED_BY = { managedBy: { select: { id: true, enabled: true } } } as const;

/** By the company itself, or in place of another that is switched off. */
function isDecidedBy(
  { id, roleValues }: Company,
  { managedBy }: { managedBy: { id: string; enabled: boolean } | null },
): boolean {
  return (
    managedBy !== null && (managedBy.id === id || (!managedBy.enabled && isMapped(roleValues)))
  );
}

type Disabled = Pick<Known["person"], "disabledByCompanyId" | "managedById">;

/** A company does not undo what an administrator did: what it did itself, or another in its place. */
export function mayReadmit(person: Disabled, { id }: { id: string }): boolean {
  const { disabledByCompanyId: by, managedById } = person;
  return by !== null && (by === id || managedById === id);
}

/** Never holds the former role in between. */
export async function restoreByCompany(
  company: Company,
  { id, name }: Known["person"],
  role: Role,
): Promise<void> {
  await decideAboutPeople(async (tx) => {
    const before = await tx.administrator.findUnique({ where: { id }, include: MANAGED_BY });
    // One that took a role in the place of another gives none once that other decides again.
    const isOfOther = before?.managedBy?.enabled && before.managedBy.id !== company.id;
    if (!before || isOfOther || !mayReadmit(before, company))
      throw refusedBy("company.person_disabled", "access_denied");
    await requireUnchangedCompany(company, tx);
    await tx.administrator.update({
      where: { id },
      data: { disabledAt: null, disabledByCompanyId: null, role },
    });
    const told = { id, name, by: companyActor(company), detail: { from: before.role, to: role } };
    await tellPerson(tx, { action: "administrator.enable", ...told });
  });
}

/** The last administrator who gets in without the company keeps the role. */
export async function applyRole(company: Company, administratorId: string, role: Role) {
  // Most come with what they had: no one waits for them then.
  if (!(await findChange(db(), company, { administratorId, role }))) return;
  await decideAboutPeople(async (tx) => {
    await requireUnchangedCompany(company, tx);
    const change = await findChange(tx, company, { administratorId, role });
    if (!change) return;
    const { person, managedById } = change;
    const isLast = role !== "administrator" && (await isLastLocal(tx, person));
    const data = { role: isLast ? person.role : role, managedById };
    await tx.administrator.updateMany({ where: { id: administratorId }, data });
    if (person.role !== role) await tellRole(tx, company, { person, role, isLast });
  });
}

/**
 * Of two companies the first decides: otherwise one could take away what the other gave. While it is switched off,
 * the other decides in its place.
 */
async function findChange(
  tx: Transaction,
  company: Company,
  { administratorId: id, role }: { administratorId: string; role: Role },
) {
  const person = await tx.administrator.findUniqueOrThrow({ where: { id }, include: MANAGED_BY });
  const { managedBy } = person;
  if (managedBy?.enabled && managedBy.id !== company.id) return null;
  const managedById = managedBy?.id ?? (isMapped(company.roleValues) ? company.id : null);
  const isSame = person.role === role && person.managedById === managedById;
  return isSame ? null : { person, managedById };
}

type Decided = { person: Standing & { name: string }; role: Role; isLast: boolean };

async function tellRole(tx: Transaction, company: Company, { person, role, isLast }: Decided) {
  if (person.role === "administrator" && !isLast) await voidLinksBy(tx, person.id);
  const action = isLast ? "identity.role_kept" : "identity.role";
  const detail = { from: person.role, to: role, claim: company.roleClaim };
  const { id, name } = person;
  await tellPerson(tx, { action, id, name, by: companyActor(company), detail });
}

type Named = { id: string; name: string };

export function companyActor({ id, name }: Named) {
  return { kind: "job", id, name } as const;
}

export type Why = Readonly<Record<string, string>>;

type Ending = {
  company: Named;
  sessions:
    | { id: string }
    | { identityId: string }
    | { identity: Record<string, string>; companySid?: string; createdAt?: { lt: Date } };
  why?: Why | undefined;
  isAudited: boolean;
};

export async function endForCompany(
  tx: Transaction,
  { company, sessions: where, why = {}, isAudited }: Ending,
): Promise<void> {
  const ended = await tx.session.findMany({
    where,
    select: { id: true, administrator: { select: { id: true, name: true } } },
  });
  await tx.session.deleteMany({ where: { id: { in: ended.map(({ id }) => id) } } });
  if (!isAudited) return;
  const told = { actor: companyActor(company), action: "session.end_by_company", detail: why };
  await recordAudits(
    tx,
    ended.map(({ administrator: person }) => ({
      ...told,
      object: { kind: "administrator", ...person },
    })),
  );
}
