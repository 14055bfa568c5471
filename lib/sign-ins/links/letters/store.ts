import { HOUR_MS } from "@/lib/kernel/clock";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { emailAddressSchema } from "@/lib/kernel/fields/schema";
import { timeText } from "@/lib/kernel/text/time-text";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import { putLetters } from "@/lib/letters/mutations";
import type { LetterKind } from "@/lib/letters/schema";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/schema";
import { helpedBySignIn } from "@/lib/remedies/shown-state";
import { Prisma } from "@/prisma/generated/client";
import { isOwnMailbox, mailboxesText } from "../mailbox-names";
import { LINK_HOURS } from "../schema";
import { isOpenLink, mailboxesOfLink, type ToldLink } from "../store";
import { SETTLED_MINUTES } from "./schema";

type OpenLink = Omit<LinkToMail, "token" | "platform"> &
  ToldLink & { tokenHash: string; service: string };

/**
 * For each link that is open, was not mailed yet and whose person has an address. A reminder holds the same link, so that
 * neither mail is void. @returns the links that were put in line @throws AppError conflict without a channel
 */
export async function putLinkLetters(
  tx: Transaction,
  tokens: readonly string[],
  kind: "sign_in_link" | "lapsed",
): Promise<ToldLink[]> {
  const byHash = new Map(tokens.map((token) => [hashToken(token), token]));
  const links = (await findUnmailed(tx, [...byHash.keys()])).filter(isAddressed);
  const { remindHoursBefore } = await findSettings(tx);
  const letters = links.flatMap(({ tokenHash, service, ...link }) => {
    const { username, expiresAt } = link;
    // Written from the form's list only.
    const platform = PLATFORMS[service as ServiceId].brand;
    const written = { ...link, platform, token: byHash.get(tokenHash) ?? "" };
    const to = { tokenHash, recipient: emailAddressSchema.parse(username), expiresAt };
    const first = { ...to, kind, ...signInLetter(kind, written) };
    if (remindHoursBefore === null) return [first];
    const dueAt = new Date(expiresAt.getTime() - remindHoursBefore * HOUR_MS);
    const reminder = signInLetter("reminder", written);
    return [first, { ...to, kind: "reminder" as const, dueAt, ...reminder }];
  });
  await putLetters(tx, letters);
  return links;
}

export function isAddressed({ username }: { username: string }): boolean {
  return hasAddress(username);
}

export function hasAddress(username: string): boolean {
  return emailAddressSchema.safeParse(username).success;
}

function findUnmailed(tx: Transaction, tokenHashes: string[]): Promise<OpenLink[]> {
  return tx.$queryRaw<OpenLink[]>`
    SELECT l.username, l."createdByName", l."expiresAt", l."tokenHash", l."cloudProviderId", p.service,
      p.name AS "providerName", ${mailboxesOfLink} AS mailboxes
    FROM "SignInLink" l JOIN "CloudProvider" p ON p.id = l."cloudProviderId"
    WHERE l."tokenHash" = ANY(${tokenHashes}::text[]) AND ${isOpenLink}
      AND NOT EXISTS (SELECT 1 FROM "Letter" m WHERE m."tokenHash" = l."tokenHash")
    ORDER BY l."usernameKey"`;
}

export function findSettings(tx: Transaction = db()) {
  const select = only("remindHoursBefore sendsLapsedLinks lapsedLinksPerDay unsignedDays");
  return tx.installation.findUniqueOrThrow({ where: { id: 1 }, select });
}

/** Whether it is this keeper's turn to look for sign-ins that lapsed: two at once would write to a person twice. */
export async function takeTurn(): Promise<boolean> {
  const taken = await db().$executeRaw`UPDATE "Installation" SET "lapsedLookedAt" = now()
    WHERE id = 1 AND NOT postkey_holds("lapsedLookedAt" + interval '50 s', interval '50 s')`;
  return taken === 1;
}

export type Lapsing = { username: string; sentAt: Date };
export type Lapsed = { cloudProviderId: string; username: string };

/** Long enough that a hiccup of the platform is over, and short enough for a working day. */
const SETTLED = Prisma.sql`interval '${Prisma.raw(String(SETTLED_MINUTES))} minutes'`;
const LINK_LIFE = Prisma.raw(`interval '${LINK_HOURS} hours'`);
const LAPSED_AT = Prisma.sql`coalesce(t."failingSince", t."failedAt")`;

/**
 * For active accounts, without an open link or a letter within the life of one. Whom a policy blocks is not asked to sign
 * in. The first to lapse comes first.
 */
export function findLapsed(): Promise<Lapsed[]> {
  return db().$queryRaw<Lapsed[]>`
    SELECT a."cloudProviderId", a.username ${lapsedPeople()} AND ${LAPSED_AT} < now() - ${SETTLED}
    ORDER BY ${LAPSED_AT}, a.id`;
}

/** Those whose turn comes within minutes, unless the platform takes them back first. */
export function findLapsing(): Promise<Lapsing[]> {
  return db().$queryRaw<Lapsing[]>`
    SELECT a.username, ${LAPSED_AT} + ${SETTLED} AS "sentAt" ${lapsedPeople()}
      AND ${LAPSED_AT} BETWEEN now() - ${SETTLED} AND now() + ${SETTLED}
    ORDER BY ${LAPSED_AT}, a.id`;
}

function lapsedPeople(): Prisma.Sql {
  return Prisma.sql`FROM "Authorization" a JOIN "TokenSet" t ON t."authorizationId" = a.id
    JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
    WHERE t.state = 'sign_in_again' AND p."grant" = 'delegated' AND a."grant" = 'delegated'
      AND (t."failureId" IS NULL OR t."failureId" = ANY(${helpedBySignIn()}::text[]))
      AND EXISTS (SELECT 1 FROM "EmailAccount" e WHERE e."cloudProviderId" = p.id AND e.active
        AND e."usernameKey" = a.username)
      AND NOT EXISTS (SELECT 1 FROM "SignInLink" l WHERE l."cloudProviderId" = p.id
        AND l."usernameKey" = a.username AND ${isOpenLink})
      AND NOT EXISTS (SELECT 1 FROM "Letter" m WHERE m."recipientKey" = a.username
        AND m.kind IN ('sign_in_link', 'lapsed') AND m."createdAt" > now() - ${LINK_LIFE})`;
}

/** Who has an address; a person who signs in at several providers gets one letter, and the next when its time has come. */
export function recipientsOf<P extends { username: string }>(lapsed: readonly P[]): P[] {
  const written = lapsed.filter(isAddressed).toReversed();
  return [...new Map(written.map((each) => [each.username, each])).values()].toReversed();
}

export async function countLapsedToday(): Promise<number> {
  const [row] = await db().$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM "Letter"
    WHERE kind = 'lapsed' AND "createdAt" > now() - interval '24 hours'`;
  return row?.count ?? 0;
}

type LinkToMail = {
  username: string;
  mailboxes: string[];
  createdByName: string;
  expiresAt: Date;
  platform: string;
  token: string;
};

type SignInLetterKind = Extract<LetterKind, "sign_in_link" | "lapsed" | "reminder">;

/** What the owner of a mailbox reads: who asks, for what, until when, and what to do otherwise. */
export function signInLetter(kind: SignInLetterKind, link: LinkToMail) {
  const { createdByName, username, mailboxes, platform, expiresAt, token } = link;
  const isOwn = isOwnMailbox(username, mailboxes);
  const { host, origin } = env().url;
  return {
    subject: `${SUBJECTS[kind]} ${username}`,
    text: `${[
      "Hello,",
      opening(kind, link),
      `Open this link to sign in at ${platform}:`,
      `${origin}/connect#${token}`,
      `The link works once, until ${timeText(expiresAt)}. You enter your password only at ${platform}, and you need no account in Postkey.`,
      `You allow Postkey to read and change the mail in ${isOwn ? "this mailbox" : mailboxesText(mailboxes)}, and to send mail from ${mailboxes.length > 1 ? "them" : "it"}, until you or your administrator end it.`,
      kind === "lapsed"
        ? `If you don't know why you got this message, don't open the link. Ask your administrator about Postkey at ${host}.`
        : `If you don't know ${createdByName} or don't expect this message, don't open the link. Ask your administrator about Postkey at ${host}.`,
    ].join("\n\n")}\n`,
  };
}

const SUBJECTS = {
  sign_in_link: "Please sign in",
  lapsed: "Please sign in again:",
  reminder: "Reminder: please sign in",
} as const;

function opening(kind: SignInLetterKind, link: LinkToMail) {
  const { username, mailboxes, createdByName, platform } = link;
  const { host } = env().url;
  const what = isOwnMailbox(username, mailboxes) ? "this mailbox" : mailboxesText(mailboxes);
  if (kind === "lapsed")
    return `${platform} asks you to sign in ${username} again. Until then, Postkey at ${host} can't work with ${what}.`;
  const asks = `${createdByName} asks you to sign in ${username}, so that Postkey at ${host} can work with ${what}.`;
  return kind === "reminder" ? `You have not signed in yet. ${asks}` : asks;
}
