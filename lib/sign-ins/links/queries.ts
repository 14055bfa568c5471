import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { type Columns, defineList, searchCondition, text, time } from "@/lib/kernel/paging/store";
import { emailKey } from "@/lib/kernel/text/normalize";
import { findLettersOf, hasLetterChannel } from "@/lib/letters/queries";
import { Prisma } from "@/prisma/generated/client";
import { MOST_LAPSED, REMIND_HOURS, UNSIGNED_DAYS } from "./letters/schema";
import {
  countLapsedToday,
  findLapsed,
  findLapsing,
  findSettings,
  hasAddress,
  recipientsOf,
} from "./letters/store";
import {
  LINK_STATE_NAMES,
  LINK_VIEW_LABELS,
  type LinkPerson,
  type LinkSelection,
  type LinkView,
  linkFilterSchema,
  MAX_REVOKED,
  type SignInLinkRow,
  type StandingLink,
} from "./schema";
import { isOpenLink, mailboxesOfLink } from "./store";

const CONDITIONS: Readonly<Record<LinkView, Prisma.Sql>> = {
  signed_in: Prisma.sql`l."signedInAt" IS NOT NULL`,
  expired: Prisma.sql`(l."signedInAt" IS NULL AND NOT ${isOpenLink})`,
  failed: Prisma.sql`(${isOpenLink} AND l."failureId" IS NOT NULL)`,
  opened: Prisma.sql`(${isOpenLink} AND l."failureId" IS NULL AND l."openedAt" IS NOT NULL)`,
  waiting: Prisma.sql`(${isOpenLink} AND l."failureId" IS NULL AND l."openedAt" IS NULL)`,
  unsent: Prisma.sql`(${isOpenLink} AND EXISTS (SELECT FROM "Letter" m WHERE m."tokenHash" = l."tokenHash"
    AND m.kind <> 'reminder' AND m.state = 'failed'))`,
};

const STATE = Prisma.sql`CASE ${Prisma.join(
  LINK_STATE_NAMES.map((state) => Prisma.sql`WHEN ${CONDITIONS[state]} THEN ${state}`),
  " ",
)} END`;

type FoundRow = Omit<SignInLinkRow, "mail"> & { tokenHash: string };

const COLUMNS: Columns<FoundRow> = Prisma.sql`l.id, l.username, l."cloudProviderId", l."createdAt", l."createdByName",
  l."expiresAt", l."tokenHash", l."openedAt", l."signedInAt", l."failureId", l."failedAt", ${STATE} AS state,
  ${mailboxesOfLink} AS mailboxes,
  (SELECT p.name FROM "CloudProvider" p WHERE p.id = l."cloudProviderId") AS "providerName"`;

export const listSignInLinks = defineList({
  permission: "providers:read",
  columns: COLUMNS,
  tables: Prisma.sql`FROM "SignInLink" l`,
  id: Prisma.sql`l.id`,
  searched: (search) => Prisma.sql`(${searchCondition(Prisma.sql`lower(l."usernameKey")`, search)}
    OR l."cloudProviderId" = ANY(ARRAY(SELECT p.id FROM "CloudProvider" p
      WHERE ${searchCondition(Prisma.sql`p."nameKey"`, search)})))`,
  sorts: { created: time(Prisma.sql`l."createdAt"`), username: text(Prisma.sql`l."usernameKey"`) },
  direction: "desc",
  views: {
    waiting: [LINK_VIEW_LABELS.waiting, CONDITIONS.waiting],
    opened: [LINK_VIEW_LABELS.opened, CONDITIONS.opened],
    failed: [LINK_VIEW_LABELS.failed, CONDITIONS.failed],
    signed_in: [LINK_VIEW_LABELS.signed_in, CONDITIONS.signed_in],
    expired: [LINK_VIEW_LABELS.expired, CONDITIONS.expired],
    unsent: [LINK_VIEW_LABELS.unsent, CONDITIONS.unsent],
  },
  filters: { cloudProviderId: linkFilterSchema.shape.cloudProviderId },
  where: ({ cloudProviderId }) => [
    cloudProviderId && Prisma.sql`l."cloudProviderId" = ${cloudProviderId}::uuid`,
  ],
  async rows(found) {
    const letters = await findLettersOf(found.map(({ tokenHash }) => tokenHash));
    return found.map(
      ({ tokenHash, ...row }): SignInLinkRow => ({ ...row, mail: letters.get(tokenHash) ?? null }),
    );
  },
});

/** SQL: the open links, as `u`, of people whose active accounts are all among these accounts `e`. */
export function openLinksOfOnly(accounts: Prisma.Sql): Prisma.Sql {
  const isOfPerson = Prisma.sql`e."cloudProviderId" = l."cloudProviderId" AND e."usernameKey" = l."usernameKey"`;
  return Prisma.sql`(SELECT l.id, l.username AS name FROM "SignInLink" l WHERE ${isOpenLink}
    AND EXISTS (SELECT FROM "EmailAccount" e WHERE ${isOfPerson} AND ${accounts})
    AND NOT EXISTS (SELECT FROM "EmailAccount" e WHERE ${isOfPerson} AND e.active AND NOT (${accounts}))) AS u`;
}

type FoundPerson = { username: string; mailboxes: string[] } & (
  | ({ tokenHash: string } & Omit<StandingLink, "mail">)
  | { tokenHash: null }
);

/** What people have before they get links: what their sign-in opens, and the link that still works. */
export async function findLinkPeople(
  actor: Actor,
  { cloudProviderId, usernames }: { cloudProviderId: string; usernames: readonly string[] },
): Promise<LinkPerson[]> {
  requirePermission(actor, "providers:read");
  const names = [...new Map(usernames.map((name) => [emailKey(name), name]))];
  const people = await db().$queryRaw<FoundPerson[]>`
    SELECT n.username, n.mailboxes, l."tokenHash", l."createdAt", l."createdByName", l."expiresAt", l."openedAt",
      l."failedAt", ${STATE} AS state
    FROM (SELECT l.*, ${mailboxesOfLink} AS mailboxes FROM (SELECT ${cloudProviderId}::uuid AS "cloudProviderId", *
        FROM unnest(${names.map(([key]) => key)}::text[], ${names.map(([, name]) => name)}::text[])
          AS x ("usernameKey", username)) l) n
    LEFT JOIN "SignInLink" l ON l."cloudProviderId" = n."cloudProviderId" AND l."usernameKey" = n."usernameKey"
      AND ${isOpenLink}
    ORDER BY n."usernameKey"`;
  const hashes = people.flatMap(({ tokenHash }) => tokenHash ?? []);
  const letters = await findLettersOf(hashes);
  return people.map((person) => ({
    username: person.username,
    mailboxes: person.mailboxes,
    open: person.tokenHash === null ? null : standing(person, letters.get(person.tokenHash)),
  }));
}

function standing(
  person: Extract<FoundPerson, { tokenHash: string }>,
  mail: StandingLink["mail"] = null,
): StandingLink {
  const { state, createdAt, createdByName, expiresAt, openedAt, failedAt } = person;
  return { state, createdAt, createdByName, expiresAt, openedAt, failedAt, mail };
}

export function selectedLinks(selection: LinkSelection): Prisma.Sql {
  return selection.links === "selected"
    ? Prisma.sql`l.id = ANY(${selection.signInLinkIds}::uuid[])`
    : listSignInLinks.condition(selection);
}

type FoundLink = { id: string; username: string; isOpen: boolean; isSignedIn: boolean };

/** What is selected, exactly: what a person confirms. More than can be changed at once is refused then. */
export async function findSelectedLinks(actor: Actor, selection: LinkSelection) {
  requirePermission(actor, "providers:read");
  // Ends: More are refused, before anything is confirmed.
  const links = await db().$queryRaw<FoundLink[]>`
    SELECT l.id, l.username, ${isOpenLink} AS "isOpen", l."signedInAt" IS NOT NULL AS "isSignedIn"
    FROM "SignInLink" l WHERE ${selectedLinks(selection)}
    ORDER BY l."usernameKey", l.id LIMIT ${MAX_REVOKED + 1}`;
  const count = links.length;
  const asked = selection.links === "selected" ? selection.signInLinkIds.length : count;
  const waiting = links.filter(({ isSignedIn }) => !isSignedIn);
  return {
    count,
    // Empty where all are selected.
    ticked:
      selection.links === "selected"
        ? links.map(({ isOpen: _, ...link }) => ({ ...link, isReached: hasAddress(link.username) }))
        : [],
    missing: asked - count,
    open: links.filter(({ isOpen }) => isOpen).length,
    signedIn: count - waiting.length,
    withoutAddress: waiting.filter(({ username }) => !hasAddress(username)).length,
  };
}

export type SelectedLinks = Awaited<ReturnType<typeof findSelectedLinks>>;

/** What Postkey sends by itself, whether it can, and what it holds back. */
export async function findLinkMail(actor: Actor) {
  requirePermission(actor, "providers:read");
  const [{ remindHoursBefore, unsignedDays, ...rest }, canMail] = await Promise.all([
    findSettings(),
    hasLetterChannel(),
  ]);
  const settings = {
    ...rest,
    reminds: remindHoursBefore !== null,
    remindHoursBefore: remindHoursBefore ?? REMIND_HOURS,
    reportsUnsigned: unsignedDays !== null,
    unsignedDays: unsignedDays ?? UNSIGNED_DAYS,
  };
  const sends = rest.sendsLapsedLinks && canMail;
  const [lapsed, lapsing, sentToday] = sends
    ? await Promise.all([findLapsed(), findLapsing(), countLapsedToday()])
    : [[], [], 0];
  const isTooMany = lapsed.length + lapsing.length > MOST_LAPSED;
  const left = rest.lapsedLinksPerDay - sentToday - recipientsOf(lapsed).length;
  return {
    settings,
    canMail,
    // Sign-ins that lapsed and got no link, because they are too many at once.
    heldBack: lapsed.length > MOST_LAPSED ? lapsed.length : 0,
    soon: isTooMany ? [] : recipientsOf(lapsing).slice(0, Math.max(0, left)),
  };
}

export type LinkMail = Awaited<ReturnType<typeof findLinkMail>>;
