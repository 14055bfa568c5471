import "server-only";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { isOpenUntil, LINK_LIFE_MS } from "../link-life";

export type Person = { id: string; name: string; email: string };

const isOpen = Prisma.raw(isOpenUntil(`l."expiresAt"`));

type NewLink = {
  tokenHash: string;
  administratorId: string;
  createdByName: string;
  /** Null for the host. */
  createdById: string | null;
};

/** A new one voids the last. */
export async function replacePasswordLink(tx: Transaction, link: NewLink): Promise<void> {
  const expiresAt = await databaseNow(LINK_LIFE_MS, tx);
  const { administratorId, ...data } = link;
  await tx.passwordLink.upsert({
    where: { administratorId },
    create: { ...link, expiresAt },
    update: { ...data, expiresAt },
  });
}

/** Those of a person who may no longer create any. */
export async function voidPasswordLinksBy(tx: Transaction, administratorId: string): Promise<void> {
  await tx.passwordLink.deleteMany({ where: { createdById: administratorId } });
}

type LinkOwner = Person & {
  createdByName: string;
  passwordHash: string | null;
  takenPasswordHashes: string[];
};

/** Whom an open link is for; null when it is spent, unknown, void or too old, or the person is disabled. */
export async function findLinkOwner(
  tokenHash: string,
  tx: Transaction = db(),
): Promise<LinkOwner | null> {
  const [owner] = await tx.$queryRaw<LinkOwner[]>`
    SELECT a.id, a.name, a.email, a."passwordHash", a."takenPasswordHashes", l."createdByName" FROM "PasswordLink" l
    JOIN "Administrator" a ON a.id = l."administratorId"
    WHERE l."tokenHash" = ${tokenHash} AND ${isOpen} AND a."disabledAt" IS NULL`;
  return owner ?? null;
}

/** @returns false when another request spent it */
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

/** As many as fit into a sentence, the oldest first, and how many there are. */
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
