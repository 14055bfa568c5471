import "server-only";
import { createHmac } from "node:crypto";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { randomToken, type SealPlace, seal } from "@/lib/kernel/crypto";
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

/**
 * Which of these addresses are kept out, by their keys. Until the transaction ends no one is erased: a
 * process must not check an address before its erasure and save it afterwards.
 */
export async function findKeptOut(tx: Transaction, keys: string[]): Promise<Set<string>> {
  await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock_shared(${LOCK})::text`);
  const key = await openKey(tx);
  if (!key || keys.length === 0) return new Set();
  const byHash = new Map(keys.map((each) => [hashOf(key, each), each]));
  const rows = await tx.$queryRaw<{ hash: string }[]>`
    SELECT hash FROM "SuppressedContact" WHERE hash = ANY(${[...byHash.keys()]}::text[])`;
  return new Set(rows.map(({ hash }) => byHash.get(hash) ?? ""));
}

/** @throws AppError conflict on the field `email` when the person asked to be erased */
export async function requireNotKeptOut(tx: Transaction, key: string): Promise<void> {
  if ((await findKeptOut(tx, [key])).size === 0) return;
  const message = `${KEPT_OUT} You can unblock it under Personal data.`;
  throw new AppError("conflict", message, { fields: { email: [message] } });
}

export const KEPT_OUT = "This address was erased and is blocked.";

/** Waits for all who are about to save addresses, and holds others back until the transaction ends. */
export async function holdSaving(tx: Transaction): Promise<void> {
  await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock(${LOCK})::text`);
}

/** The hash under which an address is kept out; null when no address ever was. */
export async function findHash(tx: Transaction, key: string): Promise<string | null> {
  const secret = await openKey(tx);
  return secret && hashOf(secret, key);
}

/** The same, with a key that is made for the first one. */
export async function makeHash(tx: Transaction, key: string): Promise<string> {
  return hashOf((await openKey(tx)) ?? (await makeKey(tx)), key);
}

/** Keyed: without the key, addresses cannot be guessed until one fits. */
function hashOf(secret: string, key: string): string {
  return createHmac("sha256", secret).update(key).digest("base64url");
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
