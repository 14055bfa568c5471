import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { Prisma } from "@/prisma/generated/client";

/** What an identity platform counts requests by. */
export type PauseSubject = { authority: string; tenantId: string; clientId: string };

/** What `authorityOf` takes as its parameter: the authority of each cloud, which no row knows. */
export function authorities(): string {
  const known = configuredClouds().map(({ id, authority }) => [id, new URL(authority).origin]);
  return JSON.stringify(Object.fromEntries(known));
}

/** SQL for the authority that a provider `p` asks. @param parameter stands for `authorities()` */
export function authorityOf(parameter: string): string {
  return `rtrim(coalesce(p.hosts->>'authority', ${parameter}::jsonb->>p.cloud, p.cloud), '/')`;
}

/** SQL for what is counted by when an authorization `a` of a provider `p` is renewed. */
export function subjectOf(parameter: string): string {
  return `${authorityOf(parameter)} || '/' || a."tenantId" || '/' || p."clientId"`;
}

export function subjectText({ authority, tenantId, clientId }: PauseSubject): string {
  return [new URL(authority).origin, tenantId, clientId].join("/");
}

/** Before a token expires, the platform is asked again, told to wait or not. */
const ASK_BEFORE_END_MS = 2 * MINUTE_MS;
/** Haste cannot save expired tokens. */
const AT_LEAST_MS = MINUTE_MS;

/** For a pause `z`; at most an hour is believed (oauth-failure.ts). */
export const PAUSE_HOLDS = `(postkey_holds(z.until, interval '1 hour') AND NOT postkey_is_ahead(z."askedAt"))`;
const pauseHolds = Prisma.raw(PAUSE_HOLDS);

/** Where a parameter stands in the text that subjectOf makes. */
const HOLE = "$authorities";

/** Of a provider `p`, for statements that are written as Prisma's. */
export const authoritySql = () => withAuthorities(authorityOf(HOLE));
/** Of an authorization `a` of a provider `p`. */
export const subjectSql = () => withAuthorities(subjectOf(HOLE));

function withAuthorities(text: string): Prisma.Sql {
  const [before = "", after = ""] = text.split(HOLE);
  return Prisma.sql`${Prisma.raw(before)}${authorities()}${Prisma.raw(after)}`;
}

export type OrderedPause = {
  subject: PauseSubject;
  /** When the request was sent whose answer asks to wait, by the database's clock. */
  sentAt: Date;
  waitMs: number;
  reason: string;
};

/**
 * The first pause allows one more request before a token expires; after that, the platform
 * decides. @returns its length
 */
export async function orderPause(tx: Transaction, ordered: OrderedPause): Promise<number> {
  const { subject, sentAt, waitMs, reason } = ordered;
  const { authority, tenantId, clientId } = subject;
  const asked = Prisma.sql`now() + ${inSeconds(waitMs)}`;
  const earliest = Prisma.sql`now() + ${inSeconds(AT_LEAST_MS)}`;
  const [row] = await tx.$queryRaw<{ waitMs: number }[]>`
    WITH tokens AS (
      SELECT min(t."accessTokenExpiresAt") - ${inSeconds(ASK_BEFORE_END_MS)} AS "askAt"
      FROM "TokenSet" t JOIN "Authorization" a ON a.id = t."authorizationId"
        JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
      WHERE a."tenantId" = ${tenantId} AND p."clientId" = ${clientId}
        AND ${authoritySql()} = ${authority} AND t.state IN ('connected', 'retrying')
    )
    INSERT INTO "PlatformPause" AS z
      (subject, authority, "tenantId", "clientId", reason, "askedAt", "askedUntil", until)
    SELECT ${subjectText(subject)}, ${authority}, ${tenantId}, ${clientId}, ${reason}, now(), ${asked},
      CASE WHEN "askAt" IS NULL THEN ${asked} ELSE least(${asked}, greatest("askAt", ${earliest})) END
    FROM tokens
    ON CONFLICT (subject) DO UPDATE SET
      until = greatest(CASE WHEN ${pauseHolds} THEN z.until END,
        CASE WHEN ${sentAt} > z."askedAt" THEN excluded."askedUntil" ELSE excluded.until END),
      "askedUntil" = greatest(CASE WHEN ${pauseHolds} THEN z."askedUntil" END, excluded."askedUntil"),
      "askedAt" = excluded."askedAt", "probedAt" = NULL, reason = excluded.reason
    RETURNING (extract(epoch FROM until - now()) * ${SECOND_MS})::float8 AS "waitMs"`;
  return row?.waitMs ?? waitMs;
}

function inSeconds(ms: number): Prisma.Sql {
  return Prisma.sql`make_interval(secs => ${ms / SECOND_MS}::float8)`;
}

/**
 * Every waiting sign-in may ask again. An older request's answer says nothing. Never waits for
 * token rows, whose holders may wait for the pause.
 */
export async function endPause(
  subject: PauseSubject,
  { tx = db(), sentAt }: { tx?: Transaction; sentAt?: Date } = {},
): Promise<void> {
  await end(tx, Prisma.sql`${subjectText(subject)}`, sentAt);
}

/** The same for what is counted when an authorization is renewed. */
export async function endPauseOf(tx: Transaction, authorizationId: string): Promise<void> {
  const subject = Prisma.sql`(SELECT ${subjectSql()} FROM "Authorization" a
    JOIN "CloudProvider" p ON p.id = a."cloudProviderId" WHERE a.id = ${authorizationId}::uuid)`;
  await end(tx, subject);
}

async function end(tx: Transaction, subject: Prisma.Sql, sentAt?: Date): Promise<void> {
  const sent = sentAt ? Prisma.sql`${sentAt}` : Prisma.sql`now()`;
  await tx.$executeRaw`
    WITH ended AS (
      DELETE FROM "PlatformPause" z WHERE z.subject = ${subject} AND (z."askedAt" < ${sent} OR postkey_is_ahead(z."askedAt"))
      RETURNING z.authority, z."tenantId", z."clientId", z.reason
    ), waiting AS (
      SELECT t."authorizationId" FROM ended z
      JOIN "CloudProvider" p ON p."clientId" = z."clientId" AND ${authoritySql()} = z.authority
      JOIN "Authorization" a ON a."cloudProviderId" = p.id AND a."tenantId" = z."tenantId"
      JOIN "TokenSet" t ON t."authorizationId" = a.id
      WHERE t.state = 'retrying' AND t."failureId" = z.reason AND t."refreshDueAt" > now()
      FOR UPDATE OF t SKIP LOCKED
    )
    UPDATE "TokenSet" t SET "refreshDueAt" = now()
    FROM waiting w WHERE t."authorizationId" = w."authorizationId"`;
}

export type PauseRow = PauseSubject & {
  until: Date;
  askedUntil: Date | null;
  reason: string;
  /** Access tokens that ran out meanwhile. */
  lapsedTokens: number;
};

export function listPauses(): Promise<PauseRow[]> {
  return db().$queryRaw<PauseRow[]>`
    SELECT z.authority, z."tenantId", z."clientId", z.until, z."askedUntil", z.reason,
      (SELECT count(*)::int FROM "CloudProvider" p
        JOIN "Authorization" a ON a."cloudProviderId" = p.id AND a."tenantId" = z."tenantId"
        JOIN "TokenSet" t ON t."authorizationId" = a.id
        WHERE p."clientId" = z."clientId" AND ${authoritySql()} = z.authority
          AND t.state IN ('connected', 'retrying') AND t."accessTokenExpiresAt" < now()
      ) AS "lapsedTokens"
    FROM "PlatformPause" z WHERE ${pauseHolds} ORDER BY z.until, z.subject`;
}

/** Pauses whose subjects need no more requests: an hour after they ended none was sent. */
export async function deleteOldPauses(): Promise<void> {
  await db().$executeRaw`DELETE FROM "PlatformPause" z
    WHERE z.until < now() - interval '1 hour' OR postkey_is_ahead(z."askedAt")`;
}
