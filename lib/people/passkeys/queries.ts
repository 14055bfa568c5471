import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { passkeyHost } from "./host";
import type { PasskeyRow } from "./schema";

/** The oldest first. @permission none: every person may see their own passkeys. */
export async function listOwnPasskeys(actor: Actor): Promise<PasskeyRow[]> {
  if (actor.kind !== "user") return [];
  const rows = await db().passkey.findMany({
    where: { administratorId: actor.id },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: {
      id: true,
      name: true,
      createdAt: true,
      lastUsedAt: true,
      copiedAt: true,
      rpId: true,
    },
  });
  const { rpId } = passkeyHost();
  return rows.map((row) => ({ ...row, isOfThisHost: row.rpId === rpId }));
}

export async function countUnusablePasskeys(): Promise<number> {
  const { rpId } = passkeyHost();
  return db().passkey.count({ where: rpId === null ? {} : { rpId: { not: rpId } } });
}
