import { DAY_MS } from "@/lib/kernel/clock";
import { allOf } from "@/lib/kernel/paging/store";
import { DISUSE_DAYS, PLATFORMS, SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { helpedBySignIn, refusedByPolicy } from "@/lib/remedies/shown-state";
import { Prisma } from "@/prisma/generated/client";
import type { CloudProviderFilters, ShownProviderState } from "../schema";

export function providerFilter(filters: CloudProviderFilters) {
  const { state, shownState, service, cloud } = filters;
  return [
    state && Prisma.sql`f.state = ${state}`,
    shownState && shownAs(shownState),
    service && Prisma.sql`p.service = ${service}`,
    cloud && Prisma.sql`p.cloud = ${cloud}`,
    (filters.expires ?? filters.expiresFrom ?? filters.expiresTo) && endsWithin(filters),
  ];
}

const ENDLESS = SERVICE_IDS.filter((service) => PLATFORMS[service].endlessSecrets !== null);

const IS_ENDLESS = Prisma.raw(`= ANY('{${ENDLESS.join(",")}}')`);

/** In SQL, of a credential `c`. Our own names stand in the text, so it is planned once. */
export const credentialKind = (
  service: Prisma.Sql,
) => Prisma.sql`CASE WHEN ${service} ${IS_ENDLESS} THEN 'replacement'
  WHEN c.kind = 'certificate' THEN 'certificate' ELSE 'secret' END`;

/** Looked up for each: a join would read all providers. */
const SERVICE = Prisma.sql`(SELECT p.service FROM "CloudProvider" p WHERE p.id = c."cloudProviderId")`;

const DISUSE = Prisma.raw(`interval '${DISUSE_DAYS} days'`);

/** SQL: the sign-ins that are not renewed, with the day on which each of them ends. */
export const ENDING_SIGN_INS = Prisma.sql`SELECT a.id, a.username, a."cloudProviderId",
    date_trunc('day', t."refreshedAt" + ${DISUSE}, 'UTC') AS day
  FROM "TokenSet" t JOIN "Authorization" a ON a.id = t."authorizationId"
  WHERE t.state <> 'connected' AND a.grant NOT IN ('app_only', 'domain_wide') AND t."refreshedAt" > now() - ${DISUSE}`;

function endsWithin({ expires, expiresFrom, expiresTo }: CloudProviderFilters): Prisma.Sql {
  const within = (at: Prisma.Sql) =>
    allOf([
      expiresFrom && Prisma.sql`${at} >= ${new Date(expiresFrom)}`,
      expiresTo && Prisma.sql`${at} < ${new Date(Date.parse(expiresTo) + DAY_MS)}`,
    ]);
  if (expires === "sign_in")
    return Prisma.sql`f."cloudProviderId" = ANY(ARRAY(SELECT s."cloudProviderId" FROM (${ENDING_SIGN_INS}) s
      WHERE ${within(Prisma.sql`s.day`)}))`;
  const isOfKind = expires ? Prisma.sql`${credentialKind(SERVICE)} = ${expires}` : Prisma.sql`TRUE`;
  return Prisma.sql`f."cloudProviderId" = ANY(ARRAY(
    SELECT c."cloudProviderId" FROM "ClientCredential" c WHERE c."supersededAt" IS NULL AND ${within(Prisma.sql`c."expiresAt"`)} AND ${isOfKind}))`;
}

/** SQL: the rule of `shownProviderState`, for the reasons that are kept in the summaries `f`. */
function shownAs(state: ShownProviderState): Prisma.Sql {
  switch (state) {
    case "blocked_by_policy":
      return Prisma.sql`f.state IN ('sign_in_again', 'fix_registration') AND ${IS_POLICY}`;
    case "fix_registration":
      return Prisma.sql`f.state = 'fix_registration' AND NOT ${IS_POLICY}`;
    case "sign_in_again":
      return Prisma.sql`f.state = 'sign_in_again' AND NOT ${IS_POLICY} AND ${IS_HELPED}`;
    case "refused":
      return Prisma.sql`f.state = 'sign_in_again' AND NOT ${IS_POLICY} AND NOT ${IS_HELPED}`;
    default:
      return Prisma.sql`f.state = ${state}`;
  }
}

const IS_POLICY = Prisma.sql`(f."failureIds" <> '{}' AND f."failureIds" <@ ${refusedByPolicy()}::text[])`;
/** Also where no reason is known. */
const IS_HELPED = Prisma.sql`(f."failureIds" = '{}' OR f."failureIds" && ${helpedBySignIn()}::text[])`;
