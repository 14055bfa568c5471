import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { fieldError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import type { Role } from "../roles/schema";

export const LINK_LIFE_MS = DAY_MS;

/** On a clock that may have been set back. */
export function isOpenUntil(expiresAt: string): string {
  return `postkey_holds(${expiresAt}, interval '${LINK_LIFE_MS} ms')`;
}

const SHOWN_EXPIRED = Prisma.sql`interval '30 days'`;
export const isOpen = Prisma.raw(isOpenUntil(`"expiresAt"`));

type NewInvitation = OpenLink & { tokenHash: string; invitedById: string; invitedByName: string };

export async function createInvitation(tx: Transaction, invitation: NewInvitation) {
  const expiresAt = await databaseNow(LINK_LIFE_MS, tx);
  if (invitation.email !== null) await forgetExpiredFor(tx, invitation.email);
  return tx.setupLink.create({ data: { ...invitation, expiresAt }, select: { id: true } });
}

/** Who is invited again, or has joined, is not shown as someone who didn't come. */
export async function forgetExpiredFor(tx: Transaction, email: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM "SetupLink"
    WHERE email = ${email} AND "invitedByName" IS NOT NULL AND NOT ${isOpen}`;
}

/** An invitation is for someone who is not here yet. @throws AppError unprocessable on `email` */
export async function requireFree(tx: Transaction, email: string): Promise<void> {
  const taken = await tx.administrator.findUnique({ where: { email }, select: { name: true } });
  if (taken) throw fieldError("email", `${taken.name} has this address already.`);
}

/** Links that were not used in time, by the database's clock; invitations are shown as expired for a while. */
export async function deleteExpiredLinks(): Promise<void> {
  await db().$executeRaw`DELETE FROM "SetupLink"
    WHERE "expiresAt" < now() - CASE WHEN "invitedByName" IS NULL THEN interval '0' ELSE ${SHOWN_EXPIRED} END`;
  await db().$executeRaw`DELETE FROM "PasswordLink" WHERE "expiresAt" < now()`;
}

export async function replaceSetupLink(tokenHash: string): Promise<void> {
  const expiresAt = await databaseNow(LINK_LIFE_MS);
  await db().$transaction([
    db().setupLink.deleteMany({ where: { invitedByName: null } }),
    db().setupLink.create({ data: { tokenHash, expiresAt } }),
  ]);
}

export type OpenLink = {
  invitedByName: string | null;
  role: Role;
  email: string | null;
  name: string | null;
};

export async function findOpenLink(tokenHash: string, tx: Transaction = db()) {
  const [link] = await tx.$queryRaw<OpenLink[]>`
    SELECT "invitedByName", role, email, name FROM "SetupLink" WHERE "tokenHash" = ${tokenHash} AND ${isOpen}`;
  return link ?? null;
}

export async function voidLinksBy(tx: Transaction, administratorId: string): Promise<void> {
  await tx.setupLink.deleteMany({ where: { invitedById: administratorId } });
  await voidPasswordLinksBy(tx, administratorId);
}

export type Person = { id: string; name: string; email: string };

const isPasswordLinkOpen = Prisma.raw(isOpenUntil(`l."expiresAt"`));

type NewLink = {
  tokenHash: string;
  administratorId: string;
  createdByName: string;
  /** Null for the host. */
  createdById: string | null;
};

export async function replacePasswordLink(tx: Transaction, link: NewLink): Promise<void> {
  const expiresAt = await databaseNow(LINK_LIFE_MS, tx);
  const { administratorId, ...data } = link;
  await tx.passwordLink.upsert({
    where: { administratorId },
    create: { ...link, expiresAt },
    update: { ...data, expiresAt },
  });
}

export async function voidPasswordLinksBy(tx: Transaction, administratorId: string): Promise<void> {
  await tx.passwordLink.deleteMany({ where: { createdById: administratorId } });
}

type LinkOwner = Person & {
  createdByName: string;
  passwordHash: string | null;
  takenPasswordHashes: string[];
};

export async function findLinkOwner(tokenHash: string, tx: Transaction = db()) {
  const [owner] = await tx.$queryRaw<LinkOwner[]>`
    SELECT a.id, a.name, a.email, a."passwordHash", a."takenPasswordHashes", l."createdByName" FROM "PasswordLink" l
    JOIN "Administrator" a ON a.id = l."administratorId"
    WHERE l."tokenHash" = ${tokenHash} AND ${isPasswordLinkOpen} AND a."disabledAt" IS NULL`;
  return owner ?? null;
}

export async function spendPasswordLink(tx: Transaction, tokenHash: string): Promise<boolean> {
  return (await tx.passwordLink.deleteMany({ where: { tokenHash } })).count === 1;
}

/** To compare with each takes a third of a second. */
const TAKEN_KEPT = 5;

/** A password opens nothing from then on. Its hash is kept to refuse it as a new one. */
export async function takePassword(tx: Transaction, administratorId: string): Promise<void> {
  await tx.$executeRaw`UPDATE "Administrator" SET "passwordHash" = NULL,
      "takenPasswordHashes" = ("passwordHash" || "takenPasswordHashes")[1:${TAKEN_KEPT}]
    WHERE id = ${administratorId}::uuid AND "passwordHash" IS NOT NULL`;
}

/** As many as fit into a sentence, and how many there are. */
export async function findAdministratorAddresses(tx: Transaction): Promise<[string[], number]> {
  const where = { role: "administrator", disabledAt: null };
  const rows = await tx.administrator.findMany({
    where,
    select: { email: true },
    orderBy: { createdAt: "asc" },
    // Ends: Names; the count stands beside them.
    take: 20,
  });
  return [rows.map(({ email }) => email), await tx.administrator.count({ where })];
}

type FoundLink = { createdByName: string; expiresAt: Date };
export type Addressee = FoundLink & { id: string; name: string; email: string };

const isUnsent = Prisma.sql`${Prisma.raw(isOpenUntil(`l."expiresAt"`))}
  AND NOT EXISTS (SELECT 1 FROM "Letter" m WHERE m."tokenHash" = l."tokenHash")`;

export async function findUnsentInvitation(tx: Transaction, tokenHash: string) {
  const [link] = await tx.$queryRaw<FoundLink[]>`
    SELECT l."invitedByName" AS "createdByName", l."expiresAt" FROM "SetupLink" l
    WHERE l."tokenHash" = ${tokenHash} AND l."invitedByName" IS NOT NULL AND ${isUnsent}`;
  return link ?? null;
}

export async function findUnsentPasswordLink(tx: Transaction, tokenHash: string) {
  const [link] = await tx.$queryRaw<Addressee[]>`
    SELECT l."createdByName", l."expiresAt", a.id, a.name, a.email
    FROM "PasswordLink" l JOIN "Administrator" a ON a.id = l."administratorId"
    WHERE l."tokenHash" = ${tokenHash} AND a."disabledAt" IS NULL AND ${isUnsent}`;
  return link ?? null;
}
