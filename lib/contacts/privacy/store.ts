import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { hmac, randomToken, type SealPlace, seal } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { openOrLock } from "@/lib/kernel/open-sealed";
import type { Transaction } from "@/lib/kernel/transaction";

const PLACE: SealPlace = {
  table: "Installation",
  id: "1",
  column: "suppressionKeySealed",
  destination: null,
};
const LOCK = ADVISORY_LOCKS.erasedContacts;

/** Shared with savers; erasing waits: no address is checked before its erasure and saved after it. */
export async function findKeptOut(tx: Transaction, keys: string[]): Promise<Set<string>> {
  await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock_shared(${LOCK})::text`);
  const key = await openKey(tx);
  if (!key || keys.length === 0) return new Set();
  const byHash = new Map(keys.map((each) => [hmac(key, each), each]));
  const rows = await tx.$queryRaw<{ hash: string }[]>`
    SELECT hash FROM "SuppressedContact" WHERE hash = ANY(${[...byHash.keys()]}::text[])`;
  return new Set(rows.map(({ hash }) => byHash.get(hash) ?? ""));
}

/** @throws AppError conflict on `email` */
export async function requireNotKeptOut(tx: Transaction, key: string): Promise<void> {
  if ((await findKeptOut(tx, [key])).size === 0) return;
  const message = `${KEPT_OUT} You can unblock it under Personal data.`;
  throw new AppError("conflict", message, { fields: { email: [message] } });
}

export const KEPT_OUT = "This address was erased and is blocked.";

/** Waits for savers, and holds others back until the transaction ends. */
export async function holdSaving(tx: Transaction): Promise<void> {
  await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock(${LOCK})::text`);
}

/** Null: no address was ever kept out. */
export async function findHash(tx: Transaction, key: string): Promise<string | null> {
  const secret = await openKey(tx);
  // Keyed, against guessing.
  return secret && hmac(secret, key);
}

/** Makes the key for the first one. */
export async function makeHash(tx: Transaction, key: string): Promise<string> {
  return hmac((await openKey(tx)) ?? (await makeKey(tx)), key);
}

async function openKey(tx: Transaction): Promise<string | null> {
  const row = await tx.installation.findUnique({
    where: { id: 1 },
    select: { suppressionKeySealed: true },
  });
  if (!row?.suppressionKeySealed) return null;
  return openOrLock(
    PLACE,
    row.suppressionKeySealed,
    "Postkey can't tell who was erased: the current encryption key can't decrypt the list.",
  );
}

async function makeKey(tx: Transaction): Promise<string> {
  const key = randomToken();
  await tx.installation.update({
    where: { id: 1 },
    data: { suppressionKeySealed: seal(env().keyring, PLACE, key) },
    select: { id: true },
  });
  return key;
}
