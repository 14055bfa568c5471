import "server-only";
import type { MailHosts } from "@/lib/egress/schema";
import { batched, gathered } from "@/lib/kernel/batch";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { type SealPlace, seal, unseal } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import type { MailService } from "@/lib/mail/schema";
import type { TokenSet } from "@/lib/oauth/service";
import { requireTokenSet } from "@/lib/oauth/token-set";
import { endPauseOf } from "@/lib/registrations/pauses/store";
import { type Candidate, candidateAccounts, signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";
import { BOUND_COLUMNS, type BoundColumns, boundTo } from "./bound-columns";
import { type Claim, DUE_LIES_AHEAD, EXPIRY_LIES_AHEAD } from "./leases/store";
import { restBeforeRefreshMs } from "./schedule";

/** A row of tokens with everything that decides where they may be sent. */
type BoundRow = BoundColumns & { authorizationId: string };

/** MSAL's cache of a claimed row, opened. @throws SealError */
export function openCache(row: BoundRow & { cacheSealed: string }): string {
  return unseal(env().keyring, place(row, "cacheSealed"), row.cacheSealed);
}

/** The tokens of somebody who just signed in: whatever was there before is replaced. */
export async function saveSignedIn(
  tx: Transaction,
  authorizationId: string,
  tokens: TokenSet,
): Promise<void> {
  const { accessTokenSealed, cacheSealed } = sealed(await findBound(tx, authorizationId), tokens);
  await endPauseOf(tx, authorizationId);
  await tx.$executeRaw`INSERT INTO "TokenSet" AS t
      ("authorizationId", "accessTokenSealed", "cacheSealed", "accessTokenExpiresAt", "refreshDueAt")
    VALUES (${authorizationId}::uuid, ${accessTokenSealed}, ${cacheSealed}, ${inFuture(lifeMs(tokens))}, ${inFuture(restMs(tokens))})
    ON CONFLICT ("authorizationId") DO UPDATE SET "accessTokenSealed" = excluded."accessTokenSealed",
      "cacheSealed" = excluded."cacheSealed", "accessTokenExpiresAt" = excluded."accessTokenExpiresAt",
      "refreshDueAt" = excluded."refreshDueAt", ${SETTLED}, fence = t.fence + 1`;
}

/**
 * What renews the tokens of a mailbox that nobody got any for yet: due at once, and nothing to hand out
 * until then.
 */
export async function saveUnasked(
  tx: Transaction,
  authorizationId: string,
  cache: string,
): Promise<void> {
  const { keyring } = env();
  const row = await findBound(tx, authorizationId);
  const accessTokenSealed = seal(keyring, place(row, "accessTokenSealed"), "");
  const cacheSealed = seal(keyring, place(row, "cacheSealed"), cache);
  await tx.$executeRaw`INSERT INTO "TokenSet"
      ("authorizationId", "accessTokenSealed", "cacheSealed", "accessTokenExpiresAt", "refreshDueAt")
    VALUES (${authorizationId}::uuid, ${accessTokenSealed}, ${cacheSealed}, now(), now())`;
}

/** What decides where the tokens of an authorization may be sent, as it stands now. */
export async function findBound(tx: Transaction, authorizationId: string): Promise<BoundRow> {
  const [row] = await tx.$queryRawUnsafe<BoundRow[]>(FIND_BOUND, authorizationId);
  if (!row) throw new Error("There is no such authorization.");
  return row;
}

const FIND_BOUND = `SELECT a.id AS "authorizationId", ${BOUND_COLUMNS} FROM "Authorization" a
  JOIN "CloudProvider" p ON p.id = a."cloudProviderId" WHERE a.id = $1::uuid`;

type Renewed = { credentialVersion: number; tokens: TokenSet };

/**
 * Compare-and-set: only the holder of the fence saves, and only while the secret that it used is
 * still the one in use.
 * @returns whether it was saved; when not, another process owns the row and ours is dropped
 */
export async function saveRefreshed(
  tx: Transaction,
  claim: BoundRow & Pick<Claim, "fence">,
  renewed: Renewed,
): Promise<boolean> {
  const values = saveValues([toSave(claim, renewed)]);
  const saved = await tx.$queryRawUnsafe<object[]>(SAVE, ...values);
  return saved.length === 1;
}

/** The same by itself, without a transaction around it, and with others in one statement. */
export async function saveRefreshedAlone(claim: Claim, renewed: Renewed): Promise<boolean> {
  // Sealed before it joins the others: what is refused there is no failure of theirs.
  return saveTogether(toSave(claim, renewed));
}

type Save = ReturnType<typeof toSave>;

function toSave(claim: BoundRow & Pick<Claim, "fence">, { credentialVersion, tokens }: Renewed) {
  const { authorizationId, fence } = claim;
  return { authorizationId, fence, credentialVersion, tokens, ...sealed(claim, tokens) };
}

const saveTogether = gathered<Save, boolean>(async (saves) => {
  const query = { name: "save-refreshed", text: SAVE, values: saveValues(saves) };
  const { rows } = await pool().query<{ authorizationId: string }>(query);
  const saved = new Set(rows.map((row) => row.authorizationId));
  return saves.map(({ authorizationId }) => saved.has(authorizationId));
});

const SETTLED_COLUMNS = `"refreshedAt" = now(), "leaseOwner" = NULL, "leaseUntil" = NULL,
  state = 'connected', "failureId" = NULL, "failureText" = NULL, "failedAt" = NULL,
  "failingSince" = NULL, failures = 0`;

/** The permissions of the new token are noted where they are others; a row that is held is passed over. */
const SAVE = `WITH saved AS (UPDATE "TokenSet" t SET
    "accessTokenSealed" = s.access, "cacheSealed" = s.cache,
    "accessTokenExpiresAt" = now() + make_interval(secs => s.life),
    "refreshDueAt" = now() + make_interval(secs => s.rest), ${SETTLED_COLUMNS}, fence = t.fence + 1
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::text[])
    AS s(id, fence, version, access, cache, life, rest, scopes)
  JOIN "Authorization" a ON a.id = s.id
  JOIN "ClientCredential" c ON c."cloudProviderId" = a."cloudProviderId"
  WHERE t."authorizationId" = s.id AND t.fence = s.fence
    AND c.version = s.version AND c."supersededAt" IS NULL
  RETURNING t."authorizationId", string_to_array(s.scopes, ' ') AS scopes
  ), changed AS (
    SELECT a.id, s.scopes FROM "Authorization" a JOIN saved s ON s."authorizationId" = a.id
    WHERE a.scopes <> s.scopes FOR NO KEY UPDATE OF a SKIP LOCKED
  ), noted AS (
    UPDATE "Authorization" a SET scopes = changed.scopes FROM changed WHERE a.id = changed.id
  )
  SELECT "authorizationId" FROM saved`;

/** The parameters of SAVE: a column each. */
function saveValues(saves: Save[]): unknown[][] {
  const rows = saves.map(({ tokens, ...save }) => {
    const secrets = [save.accessTokenSealed, save.cacheSealed];
    const times = [lifeMs(tokens) / SECOND_MS, restMs(tokens) / SECOND_MS];
    const scopes = tokens.scopes.join(" ");
    const { authorizationId, fence, credentialVersion } = save;
    return [authorizationId, fence, credentialVersion, ...secrets, ...times, scopes];
  });
  return Array.from({ length: 8 }, (_, column) => rows.map((row) => row[column]));
}

const SETTLED = Prisma.raw(SETTLED_COLUMNS);

/**
 * Durations, to be counted by the database's clock: it is the one that all processes agree on, so that
 * a machine whose own clock is wrong neither renews everything nor hands out what ran out.
 */
function lifeMs({ expiresAt }: TokenSet): number {
  return expiresAt.getTime() - wallTime().getTime();
}

/** Until the next renewal. */
function restMs(tokens: TokenSet): number {
  return restBeforeRefreshMs(lifeMs(tokens));
}

function inFuture(ms: number): Prisma.Sql {
  return Prisma.sql`now() + make_interval(secs => ${ms / SECOND_MS}::float8)`;
}

/** Ends an access token now, if it is still the one in the row; its renewal is due. */
export async function expireToken(authorizationId: string, sealedToken: string): Promise<void> {
  await pool().query(
    `UPDATE "TokenSet" SET "accessTokenExpiresAt" = least("accessTokenExpiresAt", now()),
      "refreshDueAt" = least("refreshDueAt", now())
    WHERE "authorizationId" = $1 AND "accessTokenSealed" = $2`,
    [authorizationId, sealedToken],
  );
}

export type Failure = {
  state: "retrying" | "sign_in_again" | "fix_registration" | "locked";
  failureId: string;
  failureText: string;
  /** How long nobody tries again, where trying again helps. */
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
      "refreshDueAt" = ${inFuture(waitMs)}, "leaseOwner" = NULL, "leaseUntil" = NULL
    FROM (SELECT state AS before FROM "TokenSet" WHERE "authorizationId" = ${authorizationId}::uuid) old
    WHERE t."authorizationId" = ${authorizationId}::uuid AND t.fence = ${fence}
    RETURNING old.before`;
  const [row] = rows;
  if (!row) return "lost";
  return row.before === state ? "known" : "news";
}

export type StoredToken = {
  emailAccountId: string;
  key: string;
  accountActive: boolean;
  modernAuthentication: boolean;
  username: string;
  emailAddress: string;
  mailbox: string | null;
  smtpUser: string | null;
  service: MailService;
  isAppOnly: boolean;
  hosts: MailHosts | null;
  /** What was granted when somebody signed in. */
  scopes: string[] | null;
  authorizationId: string | null;
  accessTokenSealed: string | null;
  /** Milliseconds that the access token has left; below zero when it ran out. */
  lifeMs: number | null;
  /** Milliseconds until the next renewal is due. */
  restMs: number | null;
  fence: number | null;
  state: string | null;
  failureId: string | null;
  /** By the database's clock. */
  readAt: Date;
} & { [K in keyof BoundColumns]: BoundColumns[K] | null };

const TOKEN_OF = (
  accounts: string,
) => `SELECT e.id AS "emailAccountId", e.key, e.active AS "accountActive", e."modernAuthentication",
      e.username, e."emailAddress", e.mailbox, e."smtpUser", e.service, e.hosts, a.scopes,
      coalesce(p."grant" = 'app_only', FALSE) AS "isAppOnly", ${BOUND_COLUMNS}, a.id AS "authorizationId", t."accessTokenSealed",
      CASE WHEN ${EXPIRY_LIES_AHEAD} THEN 0 ELSE ${millisecondsUntil('t."accessTokenExpiresAt"')} END AS "lifeMs",
      CASE WHEN ${DUE_LIES_AHEAD} THEN 0 ELSE ${millisecondsUntil('t."refreshDueAt"')} END AS "restMs", t.fence, t.state, t."failureId",
      now() AS "readAt"
    FROM ${accounts} e
    LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    LEFT JOIN "Authorization" a
      ON a."cloudProviderId" = e."cloudProviderId" AND a.username = ${signedInName("e", "p")}
    LEFT JOIN "TokenSet" t ON t."authorizationId" = a.id
    WHERE e.id = ANY($1::uuid[])`;

const FIND_TOKENS = { name: "find-tokens", text: TOKEN_OF('"EmailAccount"') };

const FIND_CANDIDATE = { name: "find-candidate-token", text: TOKEN_OF(`(${candidateAccounts})`) };

/** The token that an account would use if it were moved. */
export async function findCandidateToken(candidate: Candidate): Promise<StoredToken | null> {
  const { emailAccountId, cloudProviderId, username } = candidate;
  const values = [[emailAccountId], cloudProviderId, username, emailKey(username)];
  const { rows } = await pool().query<StoredToken>({ ...FIND_CANDIDATE, values });
  return rows[0] ?? null;
}

function millisecondsUntil(column: string): string {
  return `(extract(epoch FROM ${column} - now()) * ${SECOND_MS})::float8`;
}

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
export function openAccessToken(row: BoundRow & { accessTokenSealed: string }): string {
  return unseal(env().keyring, place(row, "accessTokenSealed"), row.accessTokenSealed);
}

/** Where every token set is sealed. @throws OAuthFailure for what is none */
function sealed(row: BoundRow, tokens: TokenSet) {
  const { accessToken, cache } = requireTokenSet(tokens);
  const { keyring } = env();
  return {
    accessTokenSealed: seal(keyring, place(row, "accessTokenSealed"), accessToken),
    cacheSealed: seal(keyring, place(row, "cacheSealed"), cache),
  };
}

function place(row: BoundRow, column: string): SealPlace {
  return { table: "TokenSet", id: row.authorizationId, column, destination: boundTo(row) };
}
