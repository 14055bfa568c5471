import "server-only";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { voidPasswordLinksBy } from "../passwords/store";
import type { Role } from "../roles/schema";

/** So long a one-time link is good. */
const LINK_LIFE_MS = DAY_MS;
const isOpen = Prisma.sql`postkey_holds("expiresAt", interval '1 day')`;

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
  return tx.setupLink.create({ data: { ...invitation, expiresAt }, select: { id: true } });
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
