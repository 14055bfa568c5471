import type { Actor } from "@/lib/kernel/actor";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { hashToken, randomToken, type SealPlace, seal } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { openOrLock } from "@/lib/kernel/open-sealed";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import type { AdministratorIdentity } from "../administrators/store";
import { randomCharacters, readCharacters } from "../crockford";
import { endWaysIn, tellPerson } from "../store";
import { RECOVERY_CODES } from "./schema";

/** So long a sign-in waits for its second factor, and so often one may be tried. */
export const PENDING_LIFE_MS = 5 * MINUTE_MS;
const PENDING_TRIES = 5;
const isOpen = Prisma.sql`postkey_holds("expiresAt", interval '5 minutes')`;

/** It is sent nowhere. */
function secretPlace(administratorId: string): SealPlace {
  return { table: "Authenticator", id: administratorId, column: "secretSealed", destination: null };
}

/** Keeps a secret whose app has not shown a code yet; a new one voids the last. */
export async function saveSecret(tx: Transaction, administratorId: string, secret: string) {
  const secretSealed = seal(env().keyring, secretPlace(administratorId), secret);
  await tx.authenticator.deleteMany({ where: { administratorId, confirmedAt: null } });
  await tx.authenticator.create({ data: { administratorId, secretSealed } });
}

/** @returns with how it is stored, which no other has; null where there is none in that state @throws AppError locked */
export async function openSecret(
  administratorId: string,
  { isConfirmed }: { isConfirmed: boolean },
): Promise<{ secret: string; secretSealed: string } | null> {
  const confirmedAt = isConfirmed ? { not: null } : null;
  const row = await db().authenticator.findFirst({
    where: { administratorId, confirmedAt },
    select: { secretSealed: true },
  });
  if (!row) return null;
  const secret = openOrLock(
    secretPlace(administratorId),
    row.secretSealed,
    "The secret of this authenticator app can't be decrypted with the current encryption key. Use a recovery code.",
  );
  return { ...row, secret };
}

/** @returns false when this step or a later one was accepted before: of two with one code, one gets in */
export async function takeStep(tx: Transaction, administratorId: string, step: number) {
  const { count } = await tx.authenticator.updateMany({
    where: { administratorId, confirmedAt: { not: null }, lastStep: { lt: step } },
    data: { lastStep: step },
  });
  return count === 1;
}

export async function spendRecoveryCode(tx: Transaction, administratorId: string, typed: string) {
  const spent = await tx.$queryRaw<object[]>`
    DELETE FROM "RecoveryCode"
    WHERE "codeHash" = ${hashRecoveryCode(typed)} AND "administratorId" = ${administratorId}::uuid
    RETURNING "codeHash"`;
  return spent.length === 1;
}

export async function replaceRecoveryCodes(
  tx: Transaction,
  administratorId: string,
  codes: readonly string[],
): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { administratorId } });
  const data = codes.map((code) => ({ administratorId, codeHash: hashRecoveryCode(code) }));
  await tx.recoveryCode.createMany({ data });
}

export type SecondStep = { hasAuthenticator: boolean; needsPasskey: boolean };

/** What a person has to show after the password. @param rpId of passkeys that can be used here */
export async function findSecondStep(
  administratorId: string,
  rpId: string | null,
  tx: Transaction = db(),
): Promise<SecondStep> {
  const [found] = await tx.$queryRaw<SecondStep[]>`
    SELECT EXISTS (SELECT 1 FROM "Authenticator" t
        WHERE t."administratorId" = a.id AND t."confirmedAt" IS NOT NULL) AS "hasAuthenticator",
      coalesce(a.role = ANY (i."secondFactorRoles"), false) AND EXISTS (SELECT 1 FROM "Passkey" p
        WHERE p."administratorId" = a.id AND p."rpId" = ${rpId}) AS "needsPasskey"
    FROM "Administrator" a LEFT JOIN "Installation" i ON i.id = 1 WHERE a.id = ${administratorId}::uuid`;
  return found ?? { hasAuthenticator: false, needsPasskey: false };
}

export async function createPending(administratorId: string, tx: Transaction = db()) {
  const token = randomToken();
  const expiresAt = await databaseNow(PENDING_LIFE_MS, tx);
  const data = { tokenHash: hashToken(token), administratorId, triesLeft: PENDING_TRIES };
  await tx.pendingSignIn.create({ data: { ...data, expiresAt }, select: { tokenHash: true } });
  return token;
}

/** Takes one of the tries. @returns whose sign-in it is; null when it ended or is unknown */
export async function takeTry(token: string): Promise<AdministratorIdentity | null> {
  const [person] = await db().$queryRaw<AdministratorIdentity[]>`
    UPDATE "PendingSignIn" p SET "triesLeft" = p."triesLeft" - 1 FROM "Administrator" a
    WHERE p."tokenHash" = ${hashToken(token)} AND p."triesLeft" > 0 AND ${isOpen}
      AND a.id = p."administratorId" AND a."disabledAt" IS NULL
    RETURNING a.id, a.email, a.name`;
  return person ?? null;
}

export async function endPending(tx: Transaction, token: string): Promise<boolean> {
  const where = { tokenHash: hashToken(token) };
  return (await tx.pendingSignIn.deleteMany({ where })).count === 1;
}

export async function deleteOldCeremonies(): Promise<void> {
  await db().$executeRaw`DELETE FROM "PendingSignIn" WHERE "expiresAt" < now()`;
  await db().$executeRaw`DELETE FROM "PasskeyChallenge" WHERE "expiresAt" < now()`;
}

/** After what they began has ended. @returns whether there was anything */
export async function deleteFactors(tx: Transaction, administratorId: string): Promise<boolean> {
  const where = { administratorId };
  const authenticators = await tx.authenticator.deleteMany({ where });
  await tx.recoveryCode.deleteMany({ where });
  const passkeys = await tx.passkey.deleteMany({ where });
  return authenticators.count + passkeys.count > 0;
}

export async function proveWithNewFactor(tx: Transaction, actor: Actor): Promise<void> {
  await endWaysIn(tx, actor.id, { butFor: actor.sessionId });
  if (actor.sessionId) await markProven(actor.sessionId, { twoFactors: true }, tx);
}

/** @param signedInAt in seconds, as another clock says; it may be ahead */
export async function markProven(
  sessionId: string,
  { twoFactors, signedInAt = null }: { twoFactors: boolean; signedInAt?: number | null },
  tx: Transaction = db(),
): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Session" SET
      "provenAt" = to_timestamp(least(extract(epoch FROM now())::float8, ${signedInAt}::float8)),
      "twoFactors" = "twoFactors" OR ${twoFactors}
    WHERE id = ${sessionId}::uuid`;
}

export async function findEmail(administratorId: string): Promise<string> {
  const { email } = await db().administrator.findUniqueOrThrow({
    where: { id: administratorId },
    select: { email: true },
  });
  return email;
}

/** Of five bits each: 80 bits, so that a hash needs no salt. */
const CHARACTERS = 16;
const GROUP = /.{4}(?=.)/g;

export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    randomCharacters(CHARACTERS).replaceAll(GROUP, "$&-"),
  );
}

/** What is stored of a code, however it is typed. */
export function hashRecoveryCode(typed: string): string {
  return hashToken(readCharacters(typed));
}

export async function recordRecoveryCode(
  tx: Transaction,
  { id, name }: { id: string; name: string },
  address: string | undefined,
): Promise<void> {
  const codesLeft = await tx.recoveryCode.count({ where: { administratorId: id } });
  await tellPerson(tx, { action: "recovery_code.use", id, name, address, detail: { codesLeft } });
}
