import { randomBytes } from "node:crypto";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { hashToken, isMacOf, macOf, randomToken } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import { Prisma } from "@/prisma/generated/client";

const CHALLENGE_LIFE_MS = 5 * MINUTE_MS;
const isOpen = Prisma.sql`postkey_holds("expiresAt", interval '5 minutes')`;
const USER_HANDLE_BYTES = 32;

type Challenge = { challenge: string; administratorId: string };

export async function createChallenge({ challenge, administratorId }: Challenge): Promise<string> {
  const token = randomToken();
  const expiresAt = await databaseNow(CHALLENGE_LIFE_MS);
  await db().passkeyChallenge.create({
    data: { tokenHash: hashToken(token), challenge, administratorId, expiresAt },
    select: { tokenHash: true },
  });
  return token;
}

export async function takeChallenge(token: string): Promise<Challenge | null> {
  const [taken] = await db().$queryRaw<Challenge[]>`
    DELETE FROM "PasskeyChallenge" WHERE "tokenHash" = ${hashToken(token)} AND ${isOpen}
      AND "administratorId" IS NOT NULL RETURNING challenge, "administratorId"`;
  return taken ?? null;
}

/** A stranger may ask for any number, so it needs no row: its MAC shows who made it, and it says its end. */
export async function sealChallenge(challenge: string): Promise<string> {
  const endsAt = (await databaseNow(CHALLENGE_LIFE_MS)).getTime().toString(36);
  return `${challenge}.${endsAt}.${macOf(signed(challenge, endsAt))}`;
}

export async function openChallenge(token: string): Promise<string | null> {
  const [, challenge = "", endsAt = "", mac = ""] =
    /^([\w-]{20,200})\.([\da-z]{1,11})\.([\w-]{43})$/.exec(token) ?? [];
  if (!isMacOf(signed(challenge, endsAt), mac)) return null;
  const left = Number.parseInt(endsAt, 36) - (await databaseNow()).getTime();
  return left > 0 && left <= CHALLENGE_LIFE_MS ? challenge : null;
}

/** A right answer is kept until its challenge ends. @returns false when it was spent before */
export async function spendChallenge(challenge: string): Promise<boolean> {
  const expiresAt = await databaseNow(CHALLENGE_LIFE_MS);
  const data = { tokenHash: hashToken(challenge), challenge, expiresAt };
  const { count } = await db().passkeyChallenge.createMany({ data, skipDuplicates: true });
  return count === 1;
}

function signed(...parts: [challenge: string, endsAt: string]) {
  return { keyring: env().keyring, purpose: "passkey-challenge", parts };
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

export async function findPasskey(credentialId: string, rpId: string) {
  const row = await db().passkey.findUnique({
    where: { credentialId, rpId, administrator: { disabledAt: null } },
    select: {
      ...only("id name credentialId publicKey"),
      administrator: { select: { id: true, email: true, name: true, userHandle: true } },
    },
  });
  if (!row) return null;
  const { administrator, ...passkey } = row;
  const { userHandle, ...person } = administrator;
  return { ...passkey, person, userHandle };
}
export type KnownPasskey = NonNullable<Awaited<ReturnType<typeof findPasskey>>>;

/** In the transaction of the session. @throws AppError unauthenticated */
export async function requirePasskey(tx: Transaction, id: string): Promise<void> {
  if ((await tx.passkey.count({ where: { id } })) === 0)
    throw new AppError("unauthenticated", "This passkey was removed in the meantime.");
}

/** Those that are synchronised always count 0. @returns false when there are two of this passkey */
export async function advanceCounter(id: string, counter: number): Promise<boolean> {
  // Unsigned, 32 bits (Web Authentication §6.1): more than an integer of the database holds.
  const advanced = await db().$executeRaw`
    UPDATE "Passkey" SET counter = ${counter}::bigint, "lastUsedAt" = now()
    WHERE id = ${id}::uuid AND (counter < ${counter}::bigint OR (counter = 0 AND ${counter}::bigint = 0))`;
  return advanced === 1;
}
