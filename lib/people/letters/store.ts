import "server-only";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { isOpenUntil } from "../link-life";

type FoundLink = { createdByName: string; expiresAt: Date };
export type Addressee = FoundLink & { id: string; name: string; email: string };

const isUnsent = Prisma.sql`${Prisma.raw(isOpenUntil(`l."expiresAt"`))}
  AND NOT EXISTS (SELECT 1 FROM "Letter" m WHERE m."tokenHash" = l."tokenHash")`;

/** An invitation that is open and was not mailed yet. */
export async function findInvitation(
  tx: Transaction,
  tokenHash: string,
): Promise<FoundLink | null> {
  const [link] = await tx.$queryRaw<FoundLink[]>`
    SELECT l."invitedByName" AS "createdByName", l."expiresAt" FROM "SetupLink" l
    WHERE l."tokenHash" = ${tokenHash} AND l."invitedByName" IS NOT NULL AND ${isUnsent}`;
  return link ?? null;
}

/** The same of a link to a new password, with whom it is for. */
export async function findPasswordLink(
  tx: Transaction,
  tokenHash: string,
): Promise<Addressee | null> {
  const [link] = await tx.$queryRaw<Addressee[]>`
    SELECT l."createdByName", l."expiresAt", a.id, a.name, a.email
    FROM "PasswordLink" l JOIN "Administrator" a ON a.id = l."administratorId"
    WHERE l."tokenHash" = ${tokenHash} AND a."disabledAt" IS NULL AND ${isUnsent}`;
  return link ?? null;
}
