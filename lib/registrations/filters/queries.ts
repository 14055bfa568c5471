import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { ViewCount } from "@/lib/kernel/paging/schema";
import { allOf } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { helpedBySignIn, refusedByPolicy } from "@/lib/remedies/shown-state";
import { Prisma } from "@/prisma/generated/client";
import {
  ATTENTION_STATES,
  type CloudProviderFilters,
  PROVIDER_VIEWS,
  type ProviderView,
  SECRET_EXPIRING_DAYS,
  type ShownProviderState,
} from "./schema";

const EXPIRES_SOON = Prisma.sql`f."secretExpiresAt" < now() + make_interval(days => ${Prisma.raw(`${SECRET_EXPIRING_DAYS}`)})`;

const CONDITIONS: Readonly<Record<ProviderView, Prisma.Sql>> = {
  attention: Prisma.sql`f.state IN (${Prisma.raw(ATTENTION_STATES.map((state) => `'${state}'`).join(", "))})`,
  not_signed_in: Prisma.sql`f.state = 'not_signed_in'`,
  expiring: Prisma.sql`f."secretExpiresAt" >= now() AND ${EXPIRES_SOON}`,
  expired: Prisma.sql`f."secretExpiresAt" < now()`,
  unused: Prisma.sql`f.accounts = 0`,
};

/** The expression of the trigram index, of a summary `f`. */
export const PROVIDER_SEARCH = Prisma.sql`f.searched`;

/** SQL: the providers `p` with their summaries `f` that a list is narrowed to. */
export function providerFilter(filters: CloudProviderFilters): Prisma.Sql {
  const { view, state, shownState, service, cloud } = filters;
  return allOf([
    view && CONDITIONS[view],
    state && Prisma.sql`f.state = ${state}`,
    shownState && shownAs(shownState),
    service && Prisma.sql`p.service = ${service}`,
    cloud && Prisma.sql`p.cloud = ${cloud}`,
  ]);
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

/** How many providers each view has, of those that a search finds. */
export async function countProviderViews(
  actor: Actor,
  search = "",
): Promise<ViewCount<ProviderView>[]> {
  requirePermission(actor, "providers:read");
  return findViewCounts({
    views: PROVIDER_VIEWS,
    from: Prisma.sql`FROM "CloudProviderSummary" f`,
    conditions: CONDITIONS,
    search,
    searched: PROVIDER_SEARCH,
  });
}
