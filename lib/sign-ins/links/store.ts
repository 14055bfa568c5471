import { randomUUID } from "node:crypto";
import type { Actor } from "@/lib/kernel/actor";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { tell } from "@/lib/registrations/store";
import { refusedBy } from "@/lib/remedies/app-error";
import { Prisma } from "@/prisma/generated/client";
import { mailboxName } from "../identities";
import type { PendingRequest } from "../store";
import { IS_OPEN_LINK, LIFE } from "./open-link";

/** How long it is shown what became of a link. */
const KEPT_MS = 30 * DAY_MS;

export const isOpenLink = Prisma.raw(IS_OPEN_LINK);

const MAILBOX = Prisma.raw(mailboxName("e"));

/** SQL: what the person of a link `l` opens by signing in; the name itself where no account uses it. */
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
type StoredLink = { id: string; mailboxes: string[]; expiresAt: Date };

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
  { cloudProviderId, createdByName }: { cloudProviderId: string; createdByName: string },
  links: readonly NewLink[],
): Promise<Map<string, StoredLink>> {
  const byName = links.toSorted((one, other) =>
    emailKey(one.username) < emailKey(other.username) ? -1 : 1,
  );
  // The newest come first in the list, and of one moment those with the greatest id: they are in order of name.
  const ids = links
    .map(() => randomUUID())
    .sort()
    .reverse();
  const rows = await tx.$queryRaw<({ usernameKey: string } & StoredLink)[]>`
    INSERT INTO "SignInLink" AS l (id, "cloudProviderId", username, "usernameKey", "tokenHash", "createdByName", "expiresAt")
    SELECT n.id, ${cloudProviderId}::uuid, n.username, n.key, n.hash, ${createdByName}, now() + ${Prisma.raw(LIFE)}
    FROM unnest(${ids}::uuid[], ${byName.map(({ username }) => username)}::text[],
      ${byName.map(({ username }) => emailKey(username))}::text[],
      ${byName.map(({ tokenHash }) => tokenHash)}::text[]) AS n (id, username, key, hash)
    ON CONFLICT ("cloudProviderId", "usernameKey") DO UPDATE SET id = EXCLUDED.id,
      username = EXCLUDED.username, "tokenHash" = EXCLUDED."tokenHash", "createdByName" = EXCLUDED."createdByName",
      "createdAt" = now(), "expiresAt" = EXCLUDED."expiresAt", "openedAt" = NULL, "signedInAt" = NULL,
      "failureId" = NULL, "failedAt" = NULL
    RETURNING l.id, l."usernameKey", l."expiresAt", ${mailboxesOfLink} AS mailboxes`;
  return new Map(rows.map(({ usernameKey, ...link }) => [usernameKey, link]));
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
export async function findOpenLinkOf(sessionId: string, authorizationRequestId: string) {
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

/** Who signed in needs no link any more. Who came with one has to have it still. @throws AppError callback.link_void */
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

/** @returns whether that is news: repeated attempts within ten minutes are told of once */
export async function saveLinkFailure(tx: Transaction, id: string, failureId: string) {
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

export const NAMED = 20;

export type ToldLink = { cloudProviderId: string; providerName: string; username: string };

/** Tells the trail and the open pages what was done to links: once for each provider. */
export async function tellOfLinks(
  tx: Transaction,
  actor: Actor,
  { action, links }: { action: string; links: readonly ToldLink[] },
): Promise<void> {
  for (const { usernames, ...provider } of byProvider(links)) {
    const detail = { links: usernames.length, usernames: usernames.slice(0, NAMED) };
    await tell(tx, actor, { action, ...provider, detail });
  }
}

export function byProvider(links: readonly ToldLink[]) {
  const providers = new Map<string, { id: string; name: string; usernames: string[] }>();
  for (const { cloudProviderId: id, providerName: name, username } of links) {
    const provider = providers.get(id) ?? { id, name, usernames: [] };
    providers.set(id, provider);
    provider.usernames.push(username);
  }
  return providers.values();
}
