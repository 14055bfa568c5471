import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { prepared } from "@/lib/kernel/db";
import { endsSoon } from "@/lib/kernel/ends";
import { allOf } from "@/lib/kernel/paging/store";
import { emailKey } from "@/lib/kernel/text/normalize";
import { hasOwnHosts, mailService, SERVICES, WITH_OWN_HOSTS } from "@/lib/mail/services/schema";
import { findCloud } from "@/lib/oauth/configured-clouds";
import { passesAtPlatform } from "@/lib/oauth/services";
import { ownHost, serverName, signedInName } from "@/lib/sign-ins/identities";
import { IS_OPEN_LINK } from "@/lib/sign-ins/links/open-link";
import { Prisma } from "@/prisma/generated/client";
import { ACCOUNT_STATES, type AccountState } from "../schema";
import { accountScope } from "../store";
import {
  type AccountFilters,
  type AccountsOfCause,
  type AccountView,
  NOT_SIGNED_IN,
  type Onboarding,
  type PlaceOfCause,
  STATE_CAP,
  type StateCount,
  VIEW_STATES,
} from "./schema";

/** In the text: statistics of the state choose the plan. */
const hasState = (states: readonly AccountState[]) =>
  Prisma.raw(`e.state IN (${states.map((state) => `'${state}'`).join(", ")})`);

/** As in lib/watch/calendar. */
const EXPIRING = Prisma.sql`SELECT c."cloudProviderId" FROM "ClientCredential" c
  WHERE c."supersededAt" IS NULL AND ${Prisma.raw(endsSoon(`c."expiresAt"`))}`;

/** Before the first sign-in no protocol has failed. */
const fails = (verdict: Prisma.Sql) =>
  Prisma.sql`${verdict} = 'failed' AND e.active AND e.state <> 'not_signed_in'`;

const CONDITIONS: Readonly<Record<AccountView, Prisma.Sql>> = {
  attention: hasState(VIEW_STATES.attention),
  not_signed_in: hasState(VIEW_STATES.not_signed_in),
  test_failed: hasState(VIEW_STATES.test_failed),
  imap_failed: fails(Prisma.sql`e."imapVerdict"`),
  smtp_failed: fails(Prisma.sql`e."smtpVerdict"`),
  pop3_failed: fails(Prisma.sql`e."pop3Verdict"`),
  // An array: a join would go through all accounts.
  expiring: Prisma.sql`e.active AND e."cloudProviderId" = ANY(ARRAY(${EXPIRING}))`,
  password: Prisma.sql`NOT e."modernAuthentication"`,
  inactive: hasState(VIEW_STATES.inactive),
};

/** As in the trigram index. */
export const ACCOUNT_SEARCH = Prisma.sql`(e."nameKey" || ' ' || e."keyKey" || ' ' || e."emailKey" || ' ' || e."usernameKey" || ' ' || e."providerKey")`;

/** SQL. With a cause, two views show only failures of their kind. */
export function accountsInView(view: AccountView): (filters: AccountFilters) => Prisma.Sql {
  const hasCauses = view === "test_failed" || view === "not_signed_in";
  return ({ failedWith, failedInTestRun }) =>
    hasCauses && failedWith && !failedInTestRun
      ? allOf([CONDITIONS[view], failedIn({ view, failedWith })])
      : CONDITIONS[view];
}

/** SQL, beside the view. */
export function accountFilter(filters: AccountFilters) {
  const { cloudProviderId, contactListId, service, testSchedule } = filters;
  return [
    cloudProviderId && Prisma.sql`e."cloudProviderId" = ${cloudProviderId}::uuid`,
    contactListId && Prisma.sql`e."contactListId" = ${contactListId}::uuid`,
    filters.delegate &&
      Prisma.sql`${IS_DELEGATED} AND e."usernameKey" = ${emailKey(filters.delegate)}`,
    service && Prisma.sql`e.service = ${service}`,
    filters.server && isAtServer(filters.server),
    testSchedule && Prisma.sql`e."testSchedule" = ${testSchedule}`,
    filters.leftOutOfTestRun &&
      Prisma.sql`e.id IN (SELECT i."emailAccountId" FROM "TestRunItem" i
        WHERE i."testRunId" = ${filters.leftOutOfTestRun}::uuid AND i.state IN ('unsigned', 'inactive'))`,
    filters.importId && Prisma.sql`e."importId" = ${filters.importId}::uuid`,
    failedIn({ ...filters, view: undefined }),
  ];
}

/** SQL. */
export const IS_DELEGATED = Prisma.sql`e."modernAuthentication" AND e."usernameKey" <> e."emailKey"`;

/** SQL: without a provider, at a server as `serverName` has it; each way has its index. */
function isAtServer(server: string): Prisma.Sql {
  const isService = SERVICES.some((service) => service === server && !hasOwnHosts(service));
  const at = isService
    ? Prisma.sql`e.service = ${server}`
    : Prisma.sql`e.service IN (${Prisma.raw(WITH_OWN_HOSTS)}) AND ${OWN_HOST} = ${server}`;
  return Prisma.sql`${at} AND e."cloudProviderId" IS NULL`;
}

const OWN_HOST = Prisma.raw(ownHost("e"));

/** SQL: failed in a test run, or fails now. */
function failedIn(filters: AccountFilters): Prisma.Sql | undefined {
  const { view, failedInTestRun, failedWith } = filters;
  if (!failedInTestRun)
    return failedWith ? Prisma.sql`e.id = ANY(ARRAY(${failing(failedWith, view)}))` : undefined;
  const cause = failedWith
    ? Prisma.sql`coalesce(i."failureId", ${UNEXPECTED}) = ${failedWith}`
    : Prisma.sql`TRUE`;
  return Prisma.sql`e.id IN (SELECT i."emailAccountId" FROM "TestRunItem" i
    WHERE i."testRunId" = ${failedInTestRun}::uuid AND i.state = 'failed' AND ${cause})`;
}

/** SQL. */
function failing(failedWith: string, view: AccountView | undefined): Prisma.Sql {
  if (view === "test_failed") return failingInTest(failedWith);
  if (view === "not_signed_in") return failingInSignIn(failedWith);
  return Prisma.sql`${failingInTest(failedWith)} UNION ALL ${failingInSignIn(failedWith)}`;
}

function failingInTest(failedWith: string): Prisma.Sql {
  return Prisma.sql`SELECT x.id FROM "EmailAccount" x WHERE x."testFailureId" = ${failedWith} AND x.active
    ${failedWith === UNRECOGNISED ? UNION_WITHOUT_CAUSE : Prisma.empty}`;
}

function failingInSignIn(failedWith: string): Prisma.Sql {
  const state = STATES_AS_CAUSES[failedWith];
  // Each way has its index; signedInName decides.
  const signedIn = (way: Prisma.Sql) => Prisma.sql`SELECT x.id FROM "TokenSet" t
    JOIN "Authorization" a ON a.id = t."authorizationId"
    JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
    JOIN "EmailAccount" x ON x."cloudProviderId" = a."cloudProviderId" AND ${way}
    WHERE t."failureId" = ${failedWith} AND x."modernAuthentication"
      AND a.username = ${Prisma.raw(signedInName("x", "p"))}`;
  return Prisma.sql`${signedIn(Prisma.sql`x."usernameKey" = a.username`)}
    UNION ALL ${signedIn(Prisma.sql`a.username = ''`)}
    ${state ? Prisma.sql`UNION ALL SELECT x.id FROM "EmailAccount" x WHERE x.state = ${state}` : Prisma.empty}`;
}

/** Stored without a cause. */
const UNRECOGNISED = "postkey.unexpected";
const UNEXPECTED = Prisma.raw(`'${UNRECOGNISED}'`);
const UNION_WITHOUT_CAUSE = Prisma.sql`UNION ALL SELECT x.id FROM "EmailAccount" x
  WHERE x.state = 'test_failed' AND x."testFailureId" IS NULL`;

/** Nothing failed. */
const STATES_AS_CAUSES: Readonly<Record<string, AccountState>> = {
  [NOT_SIGNED_IN]: "not_signed_in",
  "postkey.provider_missing": "no_provider",
};

const BEYOND_CAP = Prisma.raw(`${STATE_CAP + 1}`);

/** How many accounts in each state the actor reaches: one statement. Ends: Shown as “20,000+”. */
export async function countStates(actor: Actor): Promise<StateCount[]> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const scope = accountScope(actor);
  const counts = ACCOUNT_STATES.map(
    (
      state,
    ) => Prisma.sql`SELECT ${Prisma.raw(`'${state}'`)} AS state, count(*)::int AS count FROM (SELECT 1
      FROM "EmailAccount" e WHERE ${hasState([state])} AND ${scope} LIMIT ${BEYOND_CAP}) AS counted`,
  );
  const rows = await prepared<{ state: AccountState; count: number }>(
    Prisma.join(counts, " UNION ALL "),
  );
  return rows.map(({ state, count }) => ({
    state,
    count: Math.min(count, STATE_CAP),
    isCapped: count > STATE_CAP,
  }));
}

/** How far the first sign-ins are: accounts and the people who still have to sign in. Ends: Shown as “20,000+”. */
export async function readOnboarding(actor: Actor): Promise<Onboarding> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const owner = Prisma.raw(`CASE WHEN p."grant" = 'delegated' THEN ${signedInName("e", "p")} END`);
  const [found] = await prepared<Onboarding>(Prisma.sql`
    SELECT count(*)::int AS accounts, count(*) FILTER (WHERE waits)::int AS waiting,
      count(DISTINCT (owner, "cloudProviderId")) FILTER (WHERE waits AND owner IS NOT NULL)::int AS owners,
      count(DISTINCT (owner, "cloudProviderId")) FILTER (WHERE waits AND linked)::int AS linked
    FROM (SELECT e.state = 'not_signed_in' AS waits, e."cloudProviderId", ${owner} AS owner,
        EXISTS (SELECT FROM "SignInLink" l WHERE l."cloudProviderId" = e."cloudProviderId"
          AND l."usernameKey" = e."usernameKey" AND ${Prisma.raw(IS_OPEN_LINK)}) AS linked
      FROM "EmailAccount" e JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
      WHERE e.active AND e."modernAuthentication" AND ${accountScope(actor)} LIMIT ${BEYOND_CAP}) u`);
  if (!found) throw new Error("A count found nothing.");
  return found;
}

/** The Overview shows the first few, then these. */
const CAUSES_SHOWN = Prisma.raw("50");

/** By cause and place, largest first, with an incident or without. */
export async function listByCause(
  actor: Actor,
  among: Pick<AccountFilters, "cloudProviderId" | "view"> = {},
): Promise<AccountsOfCause[]> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const cause = Prisma.sql`CASE e.state WHEN 'not_signed_in' THEN ${Prisma.raw(`'${NOT_SIGNED_IN}'`)}
    ELSE coalesce(e."testFailureId", ${UNEXPECTED}) END`;
  const ofServer = (value: string) =>
    Prisma.raw(`CASE WHEN e."cloudProviderId" IS NULL THEN ${value} END`);
  // Ends: Shown as “20,000+”. Ends: The page says how many accounts need attention.
  const rows = await prepared<{ failedWith: string; accounts: number } & PlaceOfCause>(Prisma.sql`
    SELECT g.*, p.name AS provider, p.cloud
    FROM (SELECT u.*, count(*)::int AS accounts
        FROM (SELECT ${cause} AS "failedWith", e."cloudProviderId", ${ofServer("e.service")} AS service,
            ${ofServer(serverName("e"))} AS server FROM "EmailAccount" e
          WHERE ${hasState(["not_signed_in", "test_failed"])} AND ${accountScope(actor)}
            AND ${allOf([among.view && CONDITIONS[among.view], ...accountFilter(among)])} LIMIT ${BEYOND_CAP}) u
        GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 4 LIMIT ${CAUSES_SHOWN}) g
      LEFT JOIN "CloudProvider" p ON p.id = g."cloudProviderId"
    ORDER BY g.accounts DESC, g."failedWith", g."cloudProviderId", g.server`);
  return rows.map(({ failedWith, accounts, ...place }) => ({
    failedWith,
    accounts,
    isPlatforms: passesAtPlatform(failedWith),
    ...named(place),
  }));
}

/** As in incidents. */
function named(place: PlaceOfCause): PlaceOfCause {
  if (place.cloudProviderId === null) {
    const { cloudProviderId, service, server } = place;
    const known = SERVICES.find((id) => id === server);
    return { cloudProviderId, service, server: known ? mailService(known).label : server };
  }
  const { cloudProviderId, provider, cloud } = place;
  return { cloudProviderId, provider, cloud: findCloud(cloud)?.label ?? cloud };
}
