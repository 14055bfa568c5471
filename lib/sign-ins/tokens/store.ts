import {
  type ProviderColumns,
  providerDestination,
  tokenDestination,
} from "@/lib/installation/keys/destinations";
import { waitAfterFailures } from "@/lib/kernel/backoff";
import { HOUR_MS, MINUTE_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { type Destination, type SealPlace, seal, unseal } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { GIVE_BACK } from "@/lib/kernel/leases";
import type { Transaction } from "@/lib/kernel/transaction";
import type { TokenSet } from "@/lib/oauth/service";
import { requireTokenSet } from "@/lib/oauth/token-reply";
import { endPauseOf } from "@/lib/registrations/pauses/store";
import type { SignInState } from "@/lib/registrations/schema";
import { Prisma } from "@/prisma/generated/client";
import { BOUND_COLUMNS, type BoundColumns, type Claim } from "./leases/store";

/** A row of tokens with everything that decides where they may be sent. */
export type BoundRow = BoundColumns & { authorizationId: string };

/** MSAL's cache of a claimed row, opened. @throws SealError */
export function openCache(row: BoundRow & { cacheSealed: string }): string {
  return unseal(env().keyring, place(row, "cacheSealed"), row.cacheSealed);
}

export async function saveSignedIn(tx: Transaction, authorizationId: string, tokens: TokenSet) {
  const row = await findBound(tx, authorizationId);
  const { accessTokenSealed, cacheSealed } = sealTokens(row, tokens);
  await endPauseOf(tx, authorizationId);
  // Of the sign-in before: what was refused then may have been consented to now.
  await tx.graphToken.deleteMany({ where: { authorizationId } });
  await tx.$executeRaw`INSERT INTO "TokenSet" AS t
      ("authorizationId", "accessTokenSealed", "cacheSealed", "accessTokenExpiresAt", "refreshDueAt")
    VALUES (${authorizationId}::uuid, ${accessTokenSealed}, ${cacheSealed}, ${inFuture(lifeMs(tokens))}, ${inFuture(restMs(tokens))})
    ON CONFLICT ("authorizationId") DO UPDATE SET "accessTokenSealed" = excluded."accessTokenSealed",
      "cacheSealed" = excluded."cacheSealed", "accessTokenExpiresAt" = excluded."accessTokenExpiresAt",
      "refreshDueAt" = excluded."refreshDueAt", ${SETTLED}, fence = t.fence + 1`;
}

/** What renews the tokens of a mailbox that has none yet: due at once. */
export async function saveUnasked(tx: Transaction, authorizationId: string, cache: string) {
  const { keyring } = env();
  const row = await findBound(tx, authorizationId);
  const accessTokenSealed = seal(keyring, place(row, "accessTokenSealed"), "");
  const cacheSealed = seal(keyring, place(row, "cacheSealed"), cache);
  await tx.$executeRaw`INSERT INTO "TokenSet"
      ("authorizationId", "accessTokenSealed", "cacheSealed", "accessTokenExpiresAt", "refreshDueAt")
    VALUES (${authorizationId}::uuid, ${accessTokenSealed}, ${cacheSealed}, now(), now())`;
}

export async function findBound(tx: Transaction, authorizationId: string): Promise<BoundRow> {
  const [row] = await tx.$queryRawUnsafe<BoundRow[]>(FIND_BOUND, authorizationId);
  if (!row) throw new Error("There is no such authorization.");
  return row;
}

const FIND_BOUND = `SELECT a.id AS "authorizationId", ${BOUND_COLUMNS} FROM "Authorization" a
  JOIN "CloudProvider" p ON p.id = a."cloudProviderId" WHERE a.id = $1::uuid`;

export const SETTLED_COLUMNS = `"refreshedAt" = now(), ${GIVE_BACK},
  state = 'connected', "failureId" = NULL, "failureText" = NULL, "failedAt" = NULL,
  "failingSince" = NULL, failures = 0`;

const SETTLED = Prisma.raw(SETTLED_COLUMNS);

function inFuture(ms: number): Prisma.Sql {
  return Prisma.sql`now() + make_interval(secs => ${ms / SECOND_MS}::float8)`;
}

export async function expireToken(authorizationId: string, sealedToken: string): Promise<void> {
  await pool().query(
    `UPDATE "TokenSet" SET "accessTokenExpiresAt" = least("accessTokenExpiresAt", now()),
      "refreshDueAt" = least("refreshDueAt", now())
    WHERE "authorizationId" = $1 AND "accessTokenSealed" = $2`,
    [authorizationId, sealedToken],
  );
}

export type Failure = {
  state: Exclude<SignInState, "connected">;
  failureId: string;
  failureText: string;
  /** How long no attempt is made, where trying again helps. */
  waitMs: number;
};

/** @returns `lost` when the row is another process's by now, `news` when its state is another one */
export async function saveFailure(
  tx: Transaction,
  { authorizationId, fence }: Claim,
  failure: Failure,
): Promise<"lost" | "news" | "known"> {
  const { state, failureId, failureText, waitMs } = failure;
  // With two rows of one table in one statement the old value comes back beside the new one.
  const rows = await tx.$queryRaw<{ before: string }[]>`UPDATE "TokenSet" t SET
      state = ${state}, "failureId" = ${failureId}, "failureText" = ${failureText}, "failedAt" = now(),
      "failingSince" = coalesce(t."failingSince", now()), failures = t.failures + 1, fence = t.fence + 1,
      "refreshDueAt" = ${inFuture(waitMs)}, ${Prisma.raw(GIVE_BACK)}
    FROM (SELECT state AS before FROM "TokenSet" WHERE "authorizationId" = ${authorizationId}::uuid) old
    WHERE t."authorizationId" = ${authorizationId}::uuid AND t.fence = ${fence}
    RETURNING old.before`;
  const [row] = rows;
  if (!row) return "lost";
  return row.before === state ? "known" : "news";
}

/** @throws SealError */
export function openAccessToken(row: BoundRow & { accessTokenSealed: string }): string {
  return unseal(env().keyring, place(row, "accessTokenSealed"), row.accessTokenSealed);
}

/** Where every token set is sealed. @throws OAuthFailure for what is none */
export function sealTokens(row: BoundRow, tokens: TokenSet) {
  const { accessToken, cache } = requireTokenSet(tokens);
  const { keyring } = env();
  return {
    accessTokenSealed: seal(keyring, place(row, "accessTokenSealed"), accessToken),
    cacheSealed: seal(keyring, place(row, "cacheSealed"), cache),
  };
}

export function boundTo(bound: BoundColumns): Destination {
  return tokenDestination(providerOf(bound), bound);
}

export function registeredAt(bound: BoundColumns): Destination {
  return providerDestination(providerOf(bound));
}

/** These alone: rows have many more columns. */
function providerOf(bound: BoundColumns): ProviderColumns {
  const { cloudProviderId, providerService, cloud, providerHosts, clientId, tenantId } = bound;
  const where = { service: providerService, cloud, hosts: providerHosts };
  return { cloudProviderId, clientId, tenantId, ...where };
}

function place(row: BoundRow, column: string): SealPlace {
  return { table: "TokenSet", id: row.authorizationId, column, destination: boundTo(row) };
}

const DUE_AT_SHARE_OF_LIFE = 0.75;
/** Of a token that lives long enough so much is left at least when its renewal is due. */
export const LEFT_WHEN_DUE_MS = 15 * MINUTE_MS;
const JITTER_SHARE = 0.1;
/** A token that lives shorter than the margins is renewed at half of its life. */
const SHORT_LIFE_SHARE = 0.5;
/** Every authorization is used daily, so that its days of disuse (`DISUSE_DAYS`) never run out. */
const MAX_REST_MS = 20 * HOUR_MS;

/** Up to a tenth shorter, so that what was signed in together is not renewed together. */
export function restBeforeRefreshMs(lifeMs: number, random = Math.random): number {
  const latestMs = lifeMs - LEFT_WHEN_DUE_MS;
  const isShort = latestMs < lifeMs * SHORT_LIFE_SHARE;
  const restMs = isShort
    ? lifeMs * SHORT_LIFE_SHARE
    : Math.min(lifeMs * DUE_AT_SHARE_OF_LIFE, latestMs, MAX_REST_MS);
  return restMs * (1 - JITTER_SHARE * random());
}

const RETRY = { firstMs: 5 * SECOND_MS, longestMs: 15 * MINUTE_MS };

export function waitBeforeRetryMs(
  { failures, retryAfterMs }: { failures: number; retryAfterMs: number | undefined },
  random = Math.random,
): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  return waitAfterFailures(RETRY, failures, random);
}

/** A duration, to be counted by the database's clock: this machine's may be wrong. */
export function lifeMs({ expiresAt }: TokenSet): number {
  return expiresAt.getTime() - wallTime().getTime();
}

export function restMs(tokens: TokenSet): number {
  return restBeforeRefreshMs(lifeMs(tokens));
}
