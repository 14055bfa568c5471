import "server-only";
import { type AuditActor, recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { databaseNow } from "@/lib/kernel/database-clock";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { db, serializable } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { refusedBy } from "@/lib/remedies/app-error";
import { createByLink } from "../../administrators/store";
import { voidLinksBy } from "../../invitations/store";
import type { Role } from "../../roles/schema";
import { countLocalAdministrators, decideAboutPeople } from "../../roles/store";
import { requireStanding } from "../../standing/store";
import { isMapped, type Somebody } from "../claims";
import type { Company } from "../store";

export type Known = {
  id: string;
  administratorId: string;
  person: {
    id: string;
    name: string;
    email: string;
    role: string;
    disabledAt: Date | null;
    disabledByCompanyId: string | null;
    managedById: string | null;
  };
};

/** The person behind an identity: by issuer and subject, and by nothing else. */
export async function findIdentity(
  { issuer, subject }: { issuer: string; subject: string },
  tx: Transaction = db(),
): Promise<Known | null> {
  const row = await tx.administratorIdentity.findUnique({
    where: { issuer_subject: { issuer, subject } },
    select: {
      id: true,
      administratorId: true,
      administrator: {
        select: {
          ...{ id: true, name: true, email: true, role: true },
          ...{ disabledAt: true, disabledByCompanyId: true, managedById: true },
        },
      },
    },
  });
  return row && { id: row.id, administratorId: row.administratorId, person: row.administrator };
}

export type Linked = { company: Company; who: Somebody };

/**
 * A person who comes for the first time, without a password.
 * @throws AppError conflict when someone has the address
 */
export async function createPerson(
  { company, who }: Linked,
  { email, role, isDecided }: { email: string; role: Role; isDecided: boolean },
): Promise<void> {
  const data = { name: who.name, email, role, managedById: isDecided ? company.id : null };
  await serializable(async (tx) => {
    const person = await tx.administrator.create({ data, select: { id: true, name: true } });
    const by = { kind: "user", ...person } as const;
    const object = { kind: "administrator", ...person };
    const detail = { invitedBy: company.name, role };
    await recordAudit(tx, by, { action: "administrator.create", object, detail });
    await link(tx, { company, who, person }, by);
  }).catch(addressTaken);
}

/**
 * An invited person joins with their identity instead of a password.
 * @returns whether the link was good
 */
export async function joinByLink(
  tokenHash: string,
  { company, who }: Linked,
  email: string,
): Promise<boolean> {
  const data = { name: who.name, email, passwordHash: null };
  const created = await createByLink(tokenHash, data, (tx, { id, name }) =>
    link(tx, { company, who, person: { id, name } }, { kind: "user", id, name }),
  ).catch(addressTaken);
  return created !== null;
}

/** @throws AppError conflict when it is someone else's */
export async function linkIdentity(actor: Actor, { company, who }: Linked): Promise<void> {
  await serializable(async (tx) => {
    await requireStanding(tx, actor);
    const known = await findIdentity(who, tx);
    if (known && known.administratorId !== actor.id)
      throw refusedBy("company.identity_taken", "conflict");
    if (!known) await link(tx, { company, who, person: actor }, actor);
  });
}

async function link(
  tx: Transaction,
  { company, who, person }: Linked & { person: { id: string; name: string } },
  by: AuditActor,
): Promise<void> {
  const { issuer, subject, tenantId, objectId, username } = who;
  await tx.administratorIdentity.create({
    data: {
      ...{ administratorId: person.id, companySignInId: company.id },
      ...{ issuer, subject, tenantId, objectId, username },
    },
    select: { id: true },
  });
  await recordAudit(tx, by, {
    action: "identity.link",
    object: { kind: "administrator", id: person.id, name: person.name },
    detail: { company: company.name, issuer, subject },
  });
}

export async function isAddressTaken(email: string): Promise<boolean> {
  return (await db().administrator.count({ where: { email } })) > 0;
}

/** Who has the address already is someone else, until they say so themselves. */
function addressTaken(error: unknown): never {
  const translated = translateDatabaseError(error);
  if (translated instanceof AppError && translated.code === "conflict" && !translated.remedyId)
    throw refusedBy("company.address_taken", "conflict");
  throw translated;
}

/** Of who is the last administrator that gets in without the company nothing is taken. */
async function isLastLocal(tx: Transaction, person: Standing): Promise<boolean> {
  return (
    person.role === "administrator" &&
    person.passwordHash !== null &&
    (await countLocalAdministrators(tx, person.id)) === 0
  );
}

type Standing = { id: string; role: string; passwordHash: string | null };

/**
 * The company gives a person no role any more, or lets them come no more. Where it decides their role, they are disabled until it gives one
 * again: a password, a passkey or a session of theirs would be a second door. The last administrator who gets in
 * without the company stays; the trail says so.
 */
export async function revokeByCompany(
  company: Company,
  { id, administratorId }: Pick<Known, "id" | "administratorId">,
) {
  await decideAboutPeople(async (tx) => {
    await tx.session.deleteMany({ where: { identityId: id } });
    const where = { id: administratorId };
    const person = await tx.administrator.findUniqueOrThrow({
      where,
      include: { managedBy: { select: { id: true, enabled: true } } },
    });
    if (person.disabledAt || !isDecidedBy(company, person)) return;
    const isKept = await isLastLocal(tx, person);
    if (!isKept) {
      const data = { disabledAt: await databaseNow(0, tx), disabledByCompanyId: company.id };
      await tx.administrator.update({ where, data, select: { id: true } });
      await tx.session.deleteMany({ where: { administratorId } });
      await voidLinksBy(tx, administratorId);
    }
    await recordAudit(tx, decider(company), {
      action: isKept ? "identity.role_kept" : "identity.revoke",
      object: { kind: "administrator", id: person.id, name: person.name },
      detail: { from: person.role, claim: company.roleClaim },
    });
  });
}

/** By the company itself, or in the place of another one that is switched off. */
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

/** A person whom the company disabled gets a role from it again, and never holds the former one in between. */
export async function restoreByCompany(
  company: Company,
  { id, name }: Known["person"],
  role: Role,
): Promise<void> {
  await decideAboutPeople(async (tx) => {
    const before = await tx.administrator.findUnique({
      where: { id },
      include: { managedBy: { select: { id: true, enabled: true } } },
    });
    // One that took a role in the place of another gives none once that other decides again.
    const isOfOther = before?.managedBy?.enabled && before.managedBy.id !== company.id;
    if (!before || isOfOther || !mayReadmit(before, company))
      throw refusedBy("company.person_disabled", "access_denied");
    await tx.administrator.update({
      where: { id },
      data: { disabledAt: null, disabledByCompanyId: null, role },
    });
    await recordAudit(tx, decider(company), {
      action: "administrator.enable",
      object: { kind: "administrator", id, name },
      detail: { from: before.role, to: role },
    });
  });
}

function decider({ id, name }: Company) {
  return { kind: "job", id, name } as const;
}

/**
 * Gives a person the role that their company decided. The last administrator who gets in without the company
 * keeps the role: the trail says so.
 */
export async function applyRole(
  company: Company,
  administratorId: string,
  role: Role,
): Promise<void> {
  const where = { id: administratorId };
  const before = await db().administrator.findUniqueOrThrow({ where });
  // Most come with what they had: nothing is written then that others would wait for.
  const decides = isMapped(company.roleValues) ? company.id : null;
  if (before.role === role && before.managedById === decides) return;
  await decideAboutPeople(async (tx) => {
    const person = await tx.administrator.findUniqueOrThrow({
      where,
      include: { managedBy: { select: { id: true, enabled: true } } },
    });
    // Of two companies the first decides: otherwise one could take away what the other gave. While it is switched off,
    // the other decides in its place.
    const { managedBy } = person;
    if (managedBy?.enabled && managedBy.id !== company.id) return;
    const managedById = managedBy?.id ?? decides;
    if (person.role === role && person.managedById === managedById) return;
    const isLast = role !== "administrator" && (await isLastLocal(tx, person));
    await tx.administrator.update({
      where,
      data: { role: isLast ? person.role : role, managedById },
      select: { id: true },
    });
    if (person.role !== role) await tellRole(tx, company, { person, role, isLast });
  });
}

type Decided = { person: Standing & { name: string }; role: Role; isLast: boolean };

async function tellRole(tx: Transaction, company: Company, { person, role, isLast }: Decided) {
  if (person.role === "administrator" && !isLast) await voidLinksBy(tx, person.id);
  await recordAudit(tx, decider(company), {
    action: isLast ? "identity.role_kept" : "identity.role",
    object: { kind: "administrator", id: person.id, name: person.name },
    detail: { from: person.role, to: role, claim: company.roleClaim },
  });
}

/** What the identity is called now, and that it was used. */
export async function noteSignIn(
  tx: Transaction,
  identityId: string,
  username: string,
): Promise<void> {
  await tx.$executeRaw`UPDATE "AdministratorIdentity" SET "lastSignInAt" = now(), username = ${username}
    WHERE id = ${identityId}::uuid`;
}
