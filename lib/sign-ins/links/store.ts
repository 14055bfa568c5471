import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { DAY_MS, HOUR_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { refusedBy } from "@/lib/remedies/app-error";
import { Prisma } from "@/prisma/generated/client";
import { mailboxName } from "../identities";
import type { PendingRequest } from "../store";
import { LINK_HOURS } from "./schema";

/** How long it is shown what became of a link. */
const KEPT_MS = 30 * DAY_MS;

/** SQL: whether a link `l` can still be used, on a clock that may have been set back. */
export const isOpenLink = Prisma.sql`(l."signedInAt" IS NULL
  AND postkey_holds(l."expiresAt", ${`${LINK_HOURS} hours`}::interval))`;

const MAILBOX = Prisma.raw(mailboxName("e"));

/**
 * SQL: the mailboxes that the person of a link `l` opens by signing in, their own and those of others; the name
 * itself where no account uses it.
 */
export const mailboxesOfLink = Prisma.sql`coalesce((SELECT array_agg(DISTINCT ${MAILBOX} ORDER BY ${MAILBOX})
  FROM "EmailAccount" e WHERE e."cloudProviderId" = l."cloudProviderId" AND e."usernameKey" = l."usernameKey"
    AND e."modernAuthentication"), ARRAY[l.username])`;

/** @returns its name @throws AppError not_found, conflict */
export async function requireBrowserProvider(tx: Transaction, id: string): Promise<string> {
  const [provider] = await tx.$queryRaw<{ name: string; grant: string }[]>`
    SELECT name, "grant" FROM "CloudProvider" WHERE id = ${id}::uuid FOR SHARE`;
  if (!provider) throw new AppError("not_found", "This cloud provider no longer exists.");
  if (provider.grant === "delegated") return provider.name;
  throw new AppError(
    "conflict",
    `Mailboxes don't sign in by browser at ${provider.name}, so there is nothing to send a link for.`,
  );
}

export type NewLink = { username: string; tokenHash: string };
type StoredLink = { id: string; usernameKey: string; mailboxes: string[] };

/** Of these people, those who have a link that works: none of them gets or loses one until the transaction ends. */
export async function lockOpenLinks(
  tx: Transaction,
  cloudProviderId: string,
  usernameKeys: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ usernameKey: string }[]>`
    SELECT l."usernameKey" FROM "SignInLink" l WHERE l."cloudProviderId" = ${cloudProviderId}::uuid
      AND l."usernameKey" = ANY(${usernameKeys}::text[]) AND ${isOpenLink}
    ORDER BY l.id FOR UPDATE`;
  return new Set(rows.map(({ usernameKey }) => usernameKey));
}

/** Each voids the one that the person had before, and whatever was begun with that. */
export async function replaceLinks(
  tx: Transaction,
  at: { cloudProviderId: string; createdByName: string; expiresAt: Date },
  links: readonly NewLink[],
): Promise<Map<string, StoredLink>> {
  const { cloudProviderId, createdByName, expiresAt } = at;
  const byName = links.toSorted((one, other) =>
    emailKey(one.username) < emailKey(other.username) ? -1 : 1,
  );
  // The newest come first in the list, and of one moment those with the greatest id: they are in order of name.
  const ids = links
    .map(() => randomUUID())
    .sort()
    .reverse();
  const rows = await tx.$queryRaw<StoredLink[]>`
    INSERT INTO "SignInLink" AS l (id, "cloudProviderId", username, "usernameKey", "tokenHash", "createdByName", "expiresAt")
    SELECT n.id, ${cloudProviderId}::uuid, n.username, n.key, n.hash, ${createdByName}, ${expiresAt}
    FROM unnest(${ids}::uuid[], ${byName.map(({ username }) => username)}::text[],
      ${byName.map(({ username }) => emailKey(username))}::text[],
      ${byName.map(({ tokenHash }) => tokenHash)}::text[]) AS n (id, username, key, hash)
    ON CONFLICT ("cloudProviderId", "usernameKey") DO UPDATE SET id = EXCLUDED.id,
      username = EXCLUDED.username, "tokenHash" = EXCLUDED."tokenHash", "createdByName" = EXCLUDED."createdByName",
      "createdAt" = now(), "expiresAt" = EXCLUDED."expiresAt", "openedAt" = NULL, "signedInAt" = NULL,
      "failureId" = NULL, "failedAt" = NULL
    RETURNING l.id, l."usernameKey", ${mailboxesOfLink} AS mailboxes`;
  return new Map(rows.map((row) => [row.usernameKey, row]));
}

export function linkEnd(tx: Transaction): Promise<Date> {
  return databaseNow(LINK_HOURS * HOUR_MS, tx);
}

export type OpenLink = {
  id: string;
  username: string;
  mailboxes: string[];
  createdByName: string;
  expiresAt: Date;
  cloudProviderId: string;
  service: string;
};

const OPEN = Prisma.sql`SELECT l.id, l.username, l."createdByName", l."expiresAt", l."cloudProviderId", p.service,
    ${mailboxesOfLink} AS mailboxes
  FROM "SignInLink" l JOIN "CloudProvider" p ON p.id = l."cloudProviderId" WHERE ${isOpenLink}`;

/** Null when it is used, replaced, revoked, unknown or too old. */
export async function findOpenLink(tokenHash: string): Promise<OpenLink | null> {
  const [link] = await db().$queryRaw<OpenLink[]>`${OPEN} AND l."tokenHash" = ${tokenHash}`;
  return link ?? null;
}

type Opened = Pick<OpenLink, "username" | "mailboxes">;

/** Whose link it was with which they signed in, while the sign-in works. */
export async function findUsedLink(tokenHash: string): Promise<Opened | null> {
  const [link] = await db().$queryRaw<Opened[]>`
    SELECT l.username, ${mailboxesOfLink} AS mailboxes FROM "SignInLink" l
      JOIN "Authorization" a ON a."cloudProviderId" = l."cloudProviderId" AND a.username = l."usernameKey"
      JOIN "TokenSet" t ON t."authorizationId" = a.id
    WHERE l."tokenHash" = ${tokenHash} AND l."signedInAt" IS NOT NULL AND t.state IN ('connected', 'retrying')`;
  return link ?? null;
}

/** The link with which a browser session began a sign-in, while it can be used. */
export async function findOpenLinkOf(
  sessionId: string,
  authorizationRequestId: string,
): Promise<OpenLink | null> {
  const [link] = await db().$queryRaw<OpenLink[]>`${OPEN} AND l.id = (SELECT r."signInLinkId"
    FROM "AuthorizationRequest" r WHERE r.id = ${authorizationRequestId}::uuid AND r."sessionId" = ${sessionId}::uuid)`;
  return link ?? null;
}

/** What a link opens or has opened; empty where it was replaced or revoked meanwhile. */
export async function findMailboxesOfLink(id: string): Promise<string[]> {
  const [link] = await db().$queryRaw<{ mailboxes: string[] }[]>`
    SELECT ${mailboxesOfLink} AS mailboxes FROM "SignInLink" l WHERE l.id = ${id}::uuid`;
  return link?.mailboxes ?? [];
}

export async function noteOpened(id: string): Promise<void> {
  await db()
    .$executeRaw`UPDATE "SignInLink" SET "openedAt" = now() WHERE id = ${id}::uuid AND "openedAt" IS NULL`;
}

/**
 * A person who signed in has no need of a link any more, whichever way it was. Who came with one has to have
 * it still.
 *
 * @throws AppError callback.link_void
 */
export async function spendLinks(
  tx: Transaction,
  { signInLinkId, cloudProviderId }: PendingRequest,
  username: string,
): Promise<void> {
  if (signInLinkId !== null) {
    const [open] = await tx.$queryRaw<object[]>`
      SELECT l.id FROM "SignInLink" l WHERE l.id = ${signInLinkId}::uuid AND ${isOpenLink} FOR UPDATE`;
    if (!open) throw refusedBy("callback.link_void", "conflict");
  }
  await tx.$executeRaw`UPDATE "SignInLink" SET "signedInAt" = now(), "failureId" = NULL, "failedAt" = NULL
    WHERE "cloudProviderId" = ${cloudProviderId}::uuid AND "usernameKey" = ${emailKey(username)}
      AND "signedInAt" IS NULL`;
}

/**
 * That the last attempt failed, and why.
 * @returns whether that is news: one who tries again and again within ten minutes is told of once
 */
export async function saveLinkFailure(
  tx: Transaction,
  id: string,
  failureId: string,
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isNews: boolean }[]>`
    UPDATE "SignInLink" l SET "failureId" = ${failureId}, "failedAt" = now()
    FROM (SELECT "failureId", "failedAt" FROM "SignInLink" WHERE id = ${id}::uuid FOR UPDATE) before
    WHERE l.id = ${id}::uuid AND l."signedInAt" IS NULL
    RETURNING before."failureId" IS DISTINCT FROM ${failureId}
      OR NOT postkey_holds(before."failedAt" + interval '10 minutes', interval '10 minutes') AS "isNews"`;
  return row?.isNews ?? false;
}

/** What became of them is old news a month after their end. */
export async function deleteOldLinks(): Promise<void> {
  await db().signInLink.deleteMany({ where: { expiresAt: { lt: await databaseNow(-KEPT_MS) } } });
}

/** As many are named in the trail. */
export const NAMED = 20;

/** A link by its provider and its person. */
export type ToldLink = { id: string; name: string; username: string };

/** Tells the trail and the open pages what was done to links: once for each provider. */
export async function tellOfLinks(
  tx: Transaction,
  actor: Actor,
  { action, links }: { action: string; links: readonly ToldLink[] },
): Promise<void> {
  for (const { id, name, usernames } of byProvider(links)) {
    await recordAudit(tx, actor, {
      action,
      object: { kind: "cloud_provider", id, name },
      detail: { links: usernames.length, usernames: usernames.slice(0, NAMED) },
    });
    await publish(tx, { type: "cloud_provider", id });
  }
}

function byProvider(links: readonly ToldLink[]) {
  const providers = new Map<string, { id: string; name: string; usernames: string[] }>();
  for (const { id, name, username } of links) {
    const provider = providers.get(id) ?? { id, name, usernames: [] };
    providers.set(id, provider);
    provider.usernames.push(username);
  }
  return providers.values();
}
