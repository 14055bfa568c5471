import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { allOf, findPage, foundBy, searchCondition } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { emailKey } from "@/lib/kernel/text/normalize";
import { findLettersOf } from "@/lib/letters/queries";
import { Prisma } from "@/prisma/generated/client";
import {
  LINK_STATE_NAMES,
  LINK_VIEWS,
  type LinkFilters,
  type LinkPerson,
  type LinkSort,
  type LinkView,
  type SignInLinkRow,
  type StandingLink,
} from "./schema";
import { isOpenLink, mailboxesOfLink } from "./store";

const FROM = Prisma.sql`FROM "SignInLink" l`;
const SEARCHED = Prisma.sql`lower(l."usernameKey")`;

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

/** As its first letter tells it (lib/letters/queries.ts), those that did not go out first. */
// Ends: The last letter with the link, which its row tells.
const MAIL_RANK = Prisma.sql`coalesce((SELECT array_position('{failed,waiting,sent}'::text[], m.state) FROM "Letter" m
  WHERE m."tokenHash" = l."tokenHash" AND m.kind <> 'reminder' AND m.state <> 'void'
  ORDER BY m."createdAt" DESC LIMIT 1), 4)`;
const STATE_RANK = Prisma.sql`CASE ${Prisma.join(
  LINK_STATE_NAMES.map((state, rank) => Prisma.sql`WHEN ${CONDITIONS[state]} THEN ${rank}::int`),
  " ",
)} END`;
const PROVIDER = Prisma.sql`(SELECT p."nameKey" FROM "CloudProvider" p WHERE p.id = l."cloudProviderId")`;

const ROW = Prisma.sql`SELECT l.id, l.username, l."usernameKey", l."cloudProviderId", l."createdAt", l."createdByName",
  l."expiresAt", l."tokenHash", l."openedAt", l."signedInAt", l."failureId", l."failedAt", ${STATE} AS state,
  ${mailboxesOfLink} AS mailboxes,
  (SELECT p.name FROM "CloudProvider" p WHERE p.id = l."cloudProviderId") AS "providerName",
  ${PROVIDER} AS "providerKey", ${STATE_RANK} AS "stateRank", ${MAIL_RANK} AS "mailRank" ${FROM}`;

type FoundRow = Omit<SignInLinkRow, "mail"> & {
  usernameKey: string;
  tokenHash: string;
  providerKey: string;
  stateRank: number;
  mailRank: number;
};

const SORTS = {
  created: {
    column: Prisma.sql`l."createdAt"`,
    type: "timestamptz",
    value: ({ createdAt }: FoundRow) => createdAt.toISOString(),
  },
  username: {
    column: Prisma.sql`l."usernameKey"`,
    type: "text",
    value: ({ usernameKey }: FoundRow) => usernameKey,
  },
  provider: {
    column: PROVIDER,
    type: "text",
    value: ({ providerKey }: FoundRow) => providerKey,
    groups: {
      from: Prisma.sql`(SELECT p.id, p."nameKey" FROM "CloudProvider" p
        WHERE EXISTS (SELECT FROM "SignInLink" x WHERE x."cloudProviderId" = p.id)) g`,
      key: Prisma.sql`g."nameKey"`,
      holds: Prisma.sql`l."cloudProviderId" = g.id`,
    },
  },
  // Without indexes: what these say is of the clock and of another table, and links are kept for weeks only.
  state: {
    column: STATE_RANK,
    type: "integer",
    value: ({ stateRank }: FoundRow) => String(stateRank),
  },
  mail: { column: MAIL_RANK, type: "integer", value: ({ mailRank }: FoundRow) => String(mailRank) },
} as const;

const NEWEST_FIRST = { search: "", sort: "created", direction: "desc" } as const;

/** The links of the last weeks, with what became of each. */
export async function listSignInLinks(
  actor: Actor,
  params: ListParams<LinkSort> & LinkFilters = NEWEST_FIRST,
): Promise<Page<SignInLinkRow>> {
  requirePermission(actor, "providers:read");
  const { rows, ...page } = await findPage<LinkSort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`l.id`,
    select: ROW,
    from: FROM,
    searched: SEARCHED,
    alsoFound: foundByProvider(params.search),
    filter: linkFilter(params),
  });
  const letters = await findLettersOf(rows.map(({ tokenHash }) => tokenHash));
  const shown = rows.map(
    ({ usernameKey, tokenHash, providerKey, stateRank, mailRank, ...row }) => ({
      ...row,
      mail: letters.get(tokenHash) ?? null,
    }),
  );
  return { rows: shown, ...page };
}

/** How many links each view has, of those that a search and the other filters find. */
export async function countSignInLinkViews(
  actor: Actor,
  { search = "", ...filters }: Pick<LinkFilters, "cloudProviderId"> & { search?: string } = {},
): Promise<ViewCount<LinkView>[]> {
  requirePermission(actor, "providers:read");
  return findViewCounts({
    views: LINK_VIEWS,
    from: FROM,
    conditions: CONDITIONS,
    filter: allOf([ofProvider(filters)]),
    search,
    searched: SEARCHED,
    alsoFound: foundByProvider(search),
  });
}

/** SQL: which links `l` a list shows. */
export function linkFilter(filters: LinkFilters): Prisma.Sql {
  return allOf([filters.view && CONDITIONS[filters.view], ofProvider(filters)]);
}

/** SQL: the open links, as `u`, of people whose active accounts are all among these accounts `e`. */
export function openLinksOfOnly(accounts: Prisma.Sql): Prisma.Sql {
  const isOfPerson = Prisma.sql`e."cloudProviderId" = l."cloudProviderId" AND e."usernameKey" = l."usernameKey"`;
  return Prisma.sql`(SELECT l.id, l.username AS name FROM "SignInLink" l WHERE ${isOpenLink}
    AND EXISTS (SELECT FROM "EmailAccount" e WHERE ${isOfPerson} AND ${accounts})
    AND NOT EXISTS (SELECT FROM "EmailAccount" e WHERE ${isOfPerson} AND e.active AND NOT (${accounts}))) AS u`;
}

/** SQL: which links `l` a search finds. */
export function linkSearch(search: string): Prisma.Sql {
  return foundBy({ searched: SEARCHED, search, alsoFound: foundByProvider(search) });
}

/** SQL: the links `l` at providers that are called so. */
function foundByProvider(search: string): Prisma.Sql {
  return Prisma.sql`l."cloudProviderId" = ANY(ARRAY(SELECT p.id FROM "CloudProvider" p
    WHERE ${searchCondition(Prisma.sql`p."nameKey"`, search)}))`;
}

function ofProvider({ cloudProviderId }: Pick<LinkFilters, "cloudProviderId">) {
  return (
    cloudProviderId !== undefined && Prisma.sql`l."cloudProviderId" = ${cloudProviderId}::uuid`
  );
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
