import type { Actor } from "@/lib/kernel/actor";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { emailKey, nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { requireStanding } from "@/lib/people/standing/store";
import { insertDevice } from "../mutations";
import type { CreateDevice, NewPassword } from "../schema";

export type FoundAccount = { id: string; emailAddress: string };

/** The accounts that a file names, by their key or their address; null where several have that address. */
export async function findNamedAccounts(
  texts: readonly string[],
): Promise<Map<string, FoundAccount | null>> {
  // PostgreSQL has no text with NUL: no account is called so.
  const askable = [...new Set(texts)].filter((text) => !text.includes("\0"));
  const keys = askable.map((text) => ({ text, keyKey: nameKey(text), emailKey: emailKey(text) }));
  const { rows } = await pool().query<FoundAccount & { text: string; isKey: boolean }>(
    `SELECT asked.text, e.id, e."emailAddress", e."keyKey" = asked."keyKey" AS "isKey"
      FROM jsonb_to_recordset($1::jsonb) AS asked(text text, "keyKey" text, "emailKey" text)
      JOIN "EmailAccount" e ON e."keyKey" = asked."keyKey" OR e."emailKey" = asked."emailKey"`,
    [JSON.stringify(keys)],
  );
  const found = new Map<string, FoundAccount | null>();
  for (const { text } of keys) {
    const matching = rows.filter((row) => row.text === text);
    // A key is of one account; an address may be of several.
    const [first, ...more] = matching.some(({ isKey }) => isKey)
      ? matching.filter(({ isKey }) => isKey)
      : matching;
    if (first) found.set(text, more.length > 0 ? null : first);
  }
  return found;
}

export function deviceKey({ emailAccountId, name }: { emailAccountId: string; name: string }) {
  return `${emailAccountId} ${nameKey(name)}`;
}

export async function findExistingDevices(
  accountIds: readonly string[],
  tx: Transaction = db(),
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ emailAccountId: string; nameKey: string }[]>`
    SELECT "emailAccountId", "nameKey" FROM "Device"
    WHERE "revokedAt" IS NULL AND "emailAccountId" = ANY(${accountIds}::uuid[])`;
  return new Set(rows.map(({ emailAccountId, nameKey: key }) => `${emailAccountId} ${key}`));
}

/**
 * One file at a time: two would each create what the other does not see yet.
 * @returns null for those that another import created meanwhile
 * @permission none: a part of importDevices.
 */
export async function insertDevices(
  actor: Actor,
  devices: readonly CreateDevice[],
): Promise<(NewPassword | null)[]> {
  return inTurn(async (tx) => {
    await requireStanding(tx, actor, "devices:write");
    const ids = devices.map(({ emailAccountId }) => emailAccountId);
    const existing = await findExistingDevices(ids, tx);
    const made: (NewPassword | null)[] = [];
    for (const device of devices)
      made.push(existing.has(deviceKey(device)) ? null : await insertDevice(tx, actor, device));
    return made;
  });
}

/** The turn comes before the person's row: who waits for it does not keep others from changing people. */
async function inTurn<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db().$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.deviceImport})`;
      return work(tx);
    },
    { timeout: MINUTE_MS },
  );
}
