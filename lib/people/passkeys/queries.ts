import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { plainAddress } from "@/lib/kernel/networks";

/** The oldest first. @permission none: every person may see their own passkeys. */
export async function listOwnPasskeys(actor: Actor) {
  if (actor.kind !== "user") return [];
  const rows = await db().passkey.findMany({
    where: { administratorId: actor.id },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true, name: true, createdAt: true, lastUsedAt: true, copiedAt: true, rpId: true },
  });
  const { rpId } = passkeyHost();
  return rows.map((row) => ({ ...row, isOfThisHost: row.rpId === rpId }));
}
export type PasskeyRow = Awaited<ReturnType<typeof listOwnPasskeys>>[number];

export async function countUnusablePasskeys(): Promise<number> {
  const { rpId } = passkeyHost();
  return db().passkey.count({ where: rpId === null ? {} : { rpId: { not: rpId } } });
}

export type PasskeyHost =
  | { rpId: string; origin: string; problem: null }
  | { rpId: null; origin: string; problem: string };

/** Browsers use passkeys at no other host name than that of POSTKEY_URL. */
export function passkeyHost(): PasskeyHost {
  const { hostname, origin, protocol } = env().url;
  if (plainAddress(hostname.replaceAll(/[[\]]/g, "")) !== undefined)
    return {
      rpId: null,
      origin,
      problem: "Passkeys need a host name, and POSTKEY_URL has an IP address.",
    };
  if (protocol !== "https:" && hostname !== "localhost")
    return { rpId: null, origin, problem: "Passkeys need https, and POSTKEY_URL has http." };
  return { rpId: hostname, origin, problem: null };
}
