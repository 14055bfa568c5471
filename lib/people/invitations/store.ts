import "server-only";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { fieldError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { isOpenUntil, LINK_LIFE_MS } from "../link-life";
import { voidPasswordLinksBy } from "../passwords/store";
import type { Role } from "../roles/schema";

const SHOWN_EXPIRED = Prisma.sql`interval '30 days'`;
export const isOpen = Prisma.raw(isOpenUntil(`"expiresAt"`));

type NewInvitation = {
  tokenHash: string;
  invitedById: string;
  invitedByName: string;
  role: Role;
  email: string | null;
  name: string | null;
};

/** Creates the link of an invited person. */
export async function createInvitation(
  tx: Transaction,
  invitation: NewInvitation,
): Promise<{ id: string }> {
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

/** The link of the first administrator; a new one voids the last. */
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
  /** For whom it is, where that was said. */
  email: string | null;
  name: string | null;
};

/** @returns null when it is spent, unknown, void or too old */
export async function findOpenLink(
  tokenHash: string,
  tx: Transaction = db(),
): Promise<OpenLink | null> {
  const [link] = await tx.$queryRaw<OpenLink[]>`
    SELECT "invitedByName", role, email, name FROM "SetupLink" WHERE "tokenHash" = ${tokenHash} AND ${isOpen}`;
  return link ?? null;
}

/** What a person created who may no longer do so: invitations, and links for a new password. */
export async function voidLinksBy(tx: Transaction, administratorId: string): Promise<void> {
  await tx.setupLink.deleteMany({ where: { invitedById: administratorId } });
  await voidPasswordLinksBy(tx, administratorId);
}
