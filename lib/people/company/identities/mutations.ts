import type { Actor } from "@/lib/kernel/actor";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { db, serializable } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import { decision } from "@/lib/people/decision";
import { refusedBy } from "@/lib/remedies/app-error";
import { createByLink } from "../../administrators/store";
import { forgetExpiredFor } from "../../links/store";
import type { Role } from "../../roles/schema";
import { requireStanding } from "../../standing/store";
import { decideAboutPeople, tellPerson } from "../../store";
import type { Somebody } from "../claims";
import { unlinkIdentitySchema } from "../schema";
import { type Company, isPasswordRefused, requireUnchangedCompany } from "../store";

/**
 * Not one that decides the role: a password would be a second door with a role that no one takes any more.
 */
export const unlinkOwnIdentity = decision({
  input: unlinkIdentitySchema,
  permission: "oneself",
  proof: true,
  within: serializable,
  async run({ tx, actor }, { id }): Promise<void> {
    const person = await tx.administrator.findUnique({
      where: { id: actor.id },
      select: {
        ...only("role passwordHash managedById"),
        identities: { select: { id: true, companySignIn: true } },
      },
    });
    const identity = person?.identities.find((each) => each.id === id);
    if (!person || !identity) throw new AppError("not_found", "This sign-in was already removed.");
    const { companySignIn: company } = identity;
    if (person.managedById === company.id)
      throw new AppError(
        "conflict",
        `${company.name} decides your role, so this account stays with you. Ask an administrator what you may do without it.`,
      );
    const others = person.identities.filter((each) => each !== identity);
    const hasOther = others.some(({ companySignIn }) => companySignIn.enabled);
    const { role, passwordHash } = person;
    if (!hasOther && (passwordHash === null || (await isPasswordRefused(role, tx))))
      throw new AppError(
        "conflict",
        "This is your only way in. Ask an administrator for another one first.",
      );
    await tx.administratorIdentity.delete({ where: { id }, select: { id: true } });
    const told = { id: actor.id, name: actor.name, by: actor, detail: { company: company.name } };
    await tellPerson(tx, { action: "identity.unlink", ...told });
  },
});

/** By issuer and subject, and by nothing else. */
export async function findIdentity(
  { issuer, subject }: { issuer: string; subject: string },
  tx: Transaction = db(),
) {
  const row = await tx.administratorIdentity.findUnique({
    where: { issuer_subject: { issuer, subject } },
    select: {
      id: true,
      administratorId: true,
      administrator: {
        select: only("id name email role disabledAt disabledByCompanyId managedById"),
      },
    },
  });
  return row && { id: row.id, administratorId: row.administratorId, person: row.administrator };
}
export type Known = NonNullable<Awaited<ReturnType<typeof findIdentity>>>;

export type Linked = { company: Company; who: Somebody };

/** @throws AppError conflict when someone has the address */
export async function createPerson(
  { company, who }: Linked,
  { email, role, isDecided }: { email: string; role: Role; isDecided: boolean },
): Promise<void> {
  const data = { name: who.name, email, role, managedById: isDecided ? company.id : null };
  await decideAboutPeople(async (tx) => {
    await requireUnchangedCompany(company, tx);
    const person = await tx.administrator.create({ data, select: { id: true, name: true } });
    await forgetExpiredFor(tx, email);
    const detail = { invitedBy: company.name, role };
    await tellPerson(tx, { action: "administrator.create", ...person, detail });
    await link(tx, { company, who, person });
  }).catch(addressTaken);
}

/** Without a password. @returns whether the link was good */
export async function joinByLink(tokenHash: string, { company, who }: Linked, email: string) {
  const data = { name: who.name, email, passwordHash: null };
  const created = await createByLink(tokenHash, data, async (tx, { id, name }) => {
    await requireUnchangedCompany(company, tx);
    await link(tx, { company, who, person: { id, name } });
  }).catch(addressTaken);
  return created !== null;
}

/** @throws AppError conflict when it is someone else's @permission none: a part of linkAtCompany. */
export async function linkIdentity(actor: Actor, { company, who }: Linked): Promise<void> {
  await serializable(async (tx) => {
    await requireStanding(tx, actor);
    await requireUnchangedCompany(company, tx);
    const known = await findIdentity(who, tx);
    if (known && known.administratorId !== actor.id)
      throw refusedBy("company.identity_taken", "conflict");
    if (!known) await link(tx, { company, who, person: actor, by: actor });
  });
}

async function link(
  tx: Transaction,
  { company, who, person, by }: Linked & { person: { id: string; name: string }; by?: Actor },
): Promise<void> {
  const { id, name } = person;
  const { issuer, subject, tenantId, objectId, username } = who;
  const known = { issuer, subject, tenantId, objectId, username };
  await tx.administratorIdentity.create({
    data: { ...known, administratorId: id, companySignInId: company.id },
    select: { id: true },
  });
  const told = { id, name, ...(by && { by }), detail: { company: company.name, issuer, subject } };
  await tellPerson(tx, { action: "identity.link", ...told });
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

export async function noteSignIn(tx: Transaction, identityId: string, username: string) {
  await tx.$executeRaw`UPDATE "AdministratorIdentity" SET "lastSignInAt" = now(), username = ${username}
    WHERE id = ${identityId}::uuid`;
}
