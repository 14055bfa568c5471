import "server-only";
import { batched } from "@/lib/batch";
import { type SealPlace, seal, unseal } from "@/lib/crypto";
import { db, pool, type Transaction } from "@/lib/db";
import { env } from "@/lib/env";
import type { TokenSet } from "@/lib/oauth/microsoft";
import { nextRefreshAt } from "./schedule";

/** Seconds that a refresh may take before another process takes the row over. */
const LEASE_S = 60;

export type Claim = {
  authorizationId: string;
  cloudProviderId: string;
  fence: number;
  failures: number;
  /** As it was when the row was claimed. */
  state: string;
};

const CLAIM = `UPDATE "TokenSet" t
  SET "leaseOwner" = $1, "leaseUntil" = now() + make_interval(secs => ${LEASE_S}), fence = t.fence + 1
  FROM "Authorization" a
  WHERE a.id = t."authorizationId" AND t."authorizationId" IN (`;
const CLAIMED = `) RETURNING t."authorizationId", a."cloudProviderId", t.fence, t.failures, t.state`;

/**
 * Leases up to `limit` rows that are due. The database's clock decides, rows that another process
 * holds are passed over, and the fence number tells a holder that was paused that it lost the row.
 */
export async function claimDue(owner: string, limit: number): Promise<Claim[]> {
  const due = `SELECT "authorizationId" FROM "TokenSet"
    WHERE "refreshDueAt" <= now() AND state IN ('connected', 'retrying')
      AND ("leaseUntil" IS NULL OR "leaseUntil" < now())
    ORDER BY "refreshDueAt" LIMIT $2 FOR UPDATE SKIP LOCKED`;
  const { rows } = await pool().query<Claim>(`${CLAIM}${due}${CLAIMED}`, [owner, limit]);
  return rows;
}

/**
 * Leases one row now, due or not, as it was read: the fence grows with each claim and each result, so
 * whoever is late does not renew what was renewed.
 * @returns null when another process holds it or has held it since
 */
export async function claimOne(
  owner: string,
  { authorizationId, fence }: Pick<Claim, "authorizationId" | "fence">,
): Promise<Claim | null> {
  const free = `SELECT "authorizationId" FROM "TokenSet" WHERE "authorizationId" = $2 AND fence = $3
    AND ("leaseUntil" IS NULL OR "leaseUntil" < now()) FOR UPDATE SKIP LOCKED`;
  const values = [owner, authorizationId, fence];
  const { rows } = await pool().query<Claim>(`${CLAIM}${free}${CLAIMED}`, values);
  return rows[0] ?? null;
}

/** Leases one row now, due or not, however it stands; null when it is held or gone. */
export async function claimNow(owner: string, authorizationId: string): Promise<Claim | null> {
  const free = `SELECT "authorizationId" FROM "TokenSet" WHERE "authorizationId" = $2
    AND ("leaseUntil" IS NULL OR "leaseUntil" < now()) FOR UPDATE SKIP LOCKED`;
  const { rows } = await pool().query<Claim>(`${CLAIM}${free}${CLAIMED}`, [owner, authorizationId]);
  return rows[0] ?? null;
}

export async function releaseLeases(owner: string): Promise<void> {
  await db().tokenSet.updateMany({
    where: { leaseOwner: owner },
    data: { leaseOwner: null, leaseUntil: null },
  });
}

/** Gives one row back as it was, if it is still held. */
export async function releaseClaim({ authorizationId, fence }: Claim): Promise<void> {
  await db().tokenSet.updateMany({
    where: { authorizationId, fence },
    data: { leaseOwner: null, leaseUntil: null },
  });
}

/** MSAL's cache of a claimed row, opened. @throws SealError */
export async function openCache(authorizationId: string): Promise<string> {
  const { cacheSealed } = await db().tokenSet.findUniqueOrThrow({
    where: { authorizationId },
    select: { cacheSealed: true },
  });
  return unseal(env().keyring, place(authorizationId, "cacheSealed"), cacheSealed);
}

/** The tokens of somebody who just signed in: whatever was there before is replaced. */
export async function saveSignedIn(
  tx: Transaction,
  authorizationId: string,
  tokens: TokenSet,
): Promise<void> {
  const data = { ...sealed(authorizationId, tokens), ...settled(tokens) };
  await tx.tokenSet.upsert({
    where: { authorizationId },
    create: { authorizationId, ...data },
    update: { ...data, fence: { increment: 1 } },
    select: { authorizationId: true },
  });
}

/**
 * Compare-and-set: only the holder of the fence saves, and only while the secret that it used is
 * still the one in use.
 * @returns whether it was saved; when not, another process owns the row and ours is dropped
 */
export async function saveRefreshed(
  tx: Transaction,
  { authorizationId, fence }: Claim,
  { credentialVersion, tokens }: { credentialVersion: number; tokens: TokenSet },
): Promise<boolean> {
  const { count } = await tx.tokenSet.updateMany({
    where: {
      authorizationId,
      fence,
      authorization: {
        cloudProvider: {
          credentials: { some: { version: credentialVersion, supersededAt: null } },
        },
      },
    },
    data: { ...sealed(authorizationId, tokens), ...settled(tokens), fence: { increment: 1 } },
  });
  return count === 1;
}

export type Failure = {
  state: "retrying" | "sign_in_again" | "fix_registration" | "locked";
  failureId: string;
  failureText: string;
  nextAttemptAt: Date;
};

/** @returns whether the row was still ours and its state is another one now */
export async function saveFailure(
  tx: Transaction,
  claim: Claim,
  failure: Failure,
): Promise<boolean> {
  const { authorizationId, fence } = claim;
  const { nextAttemptAt, ...rest } = failure;
  const before = await tx.tokenSet.findUnique({
    where: { authorizationId, fence },
    select: { state: true },
  });
  await tx.tokenSet.updateMany({
    where: { authorizationId, fence },
    data: {
      ...rest,
      failedAt: new Date(),
      failures: { increment: 1 },
      fence: { increment: 1 },
      refreshDueAt: nextAttemptAt,
      leaseOwner: null,
      leaseUntil: null,
    },
  });
  return before !== null && before.state !== failure.state;
}

/** The registration works again: what waited for that is tried at once. */
export async function retryAfterRegistrationFixed(
  tx: Transaction,
  cloudProviderId: string,
): Promise<void> {
  await tx.tokenSet.updateMany({
    where: { authorization: { cloudProviderId }, state: "fix_registration" },
    data: { state: "retrying", refreshDueAt: new Date() },
  });
}

export type StoredToken = {
  emailAccountId: string;
  accountActive: boolean;
  modernAuthentication: boolean;
  username: string;
  emailAddress: string;
  cloudProviderId: string | null;
  cloud: string | null;
  authorizationId: string | null;
  accessTokenSealed: string | null;
  accessTokenExpiresAt: Date | null;
  refreshDueAt: Date | null;
  fence: number | null;
  state: string | null;
  failureId: string | null;
};

const FIND_TOKENS = {
  name: "find-tokens",
  text: `SELECT e.id AS "emailAccountId", e.active AS "accountActive", e."modernAuthentication",
      e.username, e."emailAddress", e."cloudProviderId", p.cloud, a.id AS "authorizationId", t."accessTokenSealed",
      t."accessTokenExpiresAt", t."refreshDueAt", t.fence, t.state, t."failureId"
    FROM "EmailAccount" e
    LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    LEFT JOIN "Authorization" a
      ON a."cloudProviderId" = e."cloudProviderId" AND a.username = e."usernameKey"
    LEFT JOIN "TokenSet" t ON t."authorizationId" = a.id
    WHERE e.id = ANY($1::uuid[])`,
};

/** Everything that handing out an account's token needs, in one prepared statement. */
export function findToken(emailAccountId: string): Promise<StoredToken | null> {
  // The database writes ids in lower case, however they were asked for.
  return findTokens(emailAccountId.toLowerCase());
}

const findTokens = batched(async (emailAccountIds) => {
  const query = { ...FIND_TOKENS, values: [emailAccountIds] };
  const { rows } = await pool().query<StoredToken>(query);
  return new Map(rows.map((row) => [row.emailAccountId, row]));
});

/** @throws SealError */
export function openAccessToken(authorizationId: string, sealedToken: string) {
  return unseal(env().keyring, place(authorizationId, "accessTokenSealed"), sealedToken);
}

function sealed(authorizationId: string, { accessToken, cache }: TokenSet) {
  const { keyring } = env();
  return {
    accessTokenSealed: seal(keyring, place(authorizationId, "accessTokenSealed"), accessToken),
    cacheSealed: seal(keyring, place(authorizationId, "cacheSealed"), cache),
  };
}

function settled({ expiresAt }: TokenSet) {
  const now = new Date();
  return {
    accessTokenExpiresAt: expiresAt,
    refreshedAt: now,
    refreshDueAt: nextRefreshAt(now, expiresAt),
    leaseOwner: null,
    leaseUntil: null,
    state: "connected",
    failureId: null,
    failureText: null,
    failedAt: null,
    failures: 0,
  };
}

function place(id: string, column: string): SealPlace {
  return { table: "TokenSet", id, column };
}
