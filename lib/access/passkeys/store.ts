import "server-only";
import { randomBytes } from "node:crypto";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import type { AdministratorIdentity } from "../administrators/store";

const CHALLENGE_LIFE_MS = 5 * MINUTE_MS;
const isOpen = Prisma.sql`postkey_holds("expiresAt", interval '5 minutes')`;
const USER_HANDLE_BYTES = 32;

export type Challenge = { challenge: string; administratorId: string | null };

/** @returns what binds the challenge to its browser */
export async function createChallenge({ challenge, administratorId }: Challenge): Promise<string> {
  const token = randomToken();
  const expiresAt = await databaseNow(CHALLENGE_LIFE_MS);
  await db().passkeyChallenge.create({
    data: { tokenHash: hashToken(token), challenge, administratorId, expiresAt },
    select: { tokenHash: true },
  });
  return token;
}

/** Spends a challenge. @returns null when it was spent, is too old, or another browser's */
export async function takeChallenge(token: string): Promise<Challenge | null> {
  const [taken] = await db().$queryRaw<Challenge[]>`
    DELETE FROM "PasskeyChallenge" WHERE "tokenHash" = ${hashToken(token)} AND ${isOpen}
    RETURNING challenge, "administratorId"`;
  return taken ?? null;
}

/** What a person's passkeys know them by; made with the first. */
export async function ensureUserHandle(tx: Transaction, administratorId: string): Promise<string> {
  const userHandle = randomBytes(USER_HANDLE_BYTES).toString("base64url");
  await tx.administrator.updateMany({
    where: { id: administratorId, userHandle: null },
    data: { userHandle },
  });
  const row = await tx.administrator.findUniqueOrThrow({
    where: { id: administratorId },
    select: { userHandle: true },
  });
  return row.userHandle ?? userHandle;
}

export type KnownPasskey = {
  id: string;
  name: string;
  credentialId: string;
  publicKey: Uint8Array<ArrayBuffer>;
  person: AdministratorIdentity;
  userHandle: string | null;
};

/** A passkey for a host name, of a person who is not disabled. */
export async function findPasskey(
  credentialId: string,
  rpId: string,
): Promise<KnownPasskey | null> {
  const row = await db().passkey.findUnique({
    where: { credentialId, rpId, administrator: { disabledAt: null } },
    select: {
      ...{ id: true, name: true, credentialId: true, publicKey: true },
      administrator: { select: { id: true, email: true, name: true, userHandle: true } },
    },
  });
  if (!row) return null;
  const { administrator, ...passkey } = row;
  const { userHandle, ...person } = administrator;
  return { ...passkey, person, userHandle };
}

/**
 * Notes a use. Those that are synchronised between devices always count 0.
 * @returns false when the counter went back: then there are two of this passkey
 */
export async function advanceCounter(id: string, counter: number): Promise<boolean> {
  const advanced = await db().$executeRaw`
    UPDATE "Passkey" SET counter = ${counter}, "lastUsedAt" = now()
    WHERE id = ${id}::uuid AND (counter < ${counter} OR (counter = 0 AND ${counter} = 0))`;
  return advanced === 1;
}
