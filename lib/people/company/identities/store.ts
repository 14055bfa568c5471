import "server-only";
import { type AuditActor, recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { db, serializable } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { refusedBy } from "@/lib/remedies/app-error";
import { createByLink } from "../../administrators/store";
import { forgetExpiredFor } from "../../links/store";
import type { Role } from "../../roles/schema";
import { requireStanding } from "../../standing/store";
import { decideAboutPeople } from "../../store";
import type { Somebody } from "../claims";
import { type Company, requireUnchangedCompany } from "../store";

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

/** By issuer and subject, and by nothing else. */
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
          id: true,
          name: true,
          email: true,
          role: true,
          disabledAt: true,
          disabledByCompanyId: true,
          managedById: true,
        },
      },
    },
  });
  return row && { id: row.id, administratorId: row.administratorId, person: row.administrator };
}

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
    const by = { kind: "user", ...person } as const;
    const object = { kind: "administrator", ...person };
    const detail = { invitedBy: company.name, role };
    await recordAudit(tx, by, { action: "administrator.create", object, detail });
    await link(tx, { company, who, person }, by);
  }).catch(addressTaken);
}

/** Without a password. @returns whether the link was good */
export async function joinByLink(
  tokenHash: string,
  { company, who }: Linked,
  email: string,
): Promise<boolean> {
  const data = { name: who.name, email, passwordHash: null };
  const created = await createByLink(tokenHash, data, async (tx, { id, name }) => {
    await requireUnchangedCompany(company, tx);
    await link(tx, { company, who, person: { id, name } }, { kind: "user", id, name });
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
      administratorId: person.id,
      companySignInId: company.id,
      issuer,
      subject,
      tenantId,
      objectId,
      username,
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

export async function noteSignIn(
  tx: Transaction,
  identityId: string,
  username: string,
): Promise<void> {
  await tx.$executeRaw`UPDATE "AdministratorIdentity" SET "lastSignInAt" = now(), username = ${username}
    WHERE id = ${identityId}::uuid`;
}
