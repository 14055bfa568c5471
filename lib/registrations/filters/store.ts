import "server-only";
import { helpedBySignIn, refusedByPolicy } from "@/lib/remedies/shown-state";
import { Prisma } from "@/prisma/generated/client";
import type { ShownProviderState } from "./schema";

/** SQL: the providers with their summaries `f` whose badge says so: lib/registrations/shown-state.ts. */
export function shownStateCondition(shown: ShownProviderState): Prisma.Sql {
  if (shown === "blocked_by_policy")
    return Prisma.sql`f.state IN ('sign_in_again', 'fix_registration')
      AND ${hasReason()} AND NOT ${isOfMoreThanPolicy()}`;
  if (shown === "refused")
    return Prisma.sql`f.state = 'sign_in_again' AND ${isOfMoreThanPolicy()} AND NOT ${isHelped()}`;
  if (shown === "sign_in_again")
    return Prisma.sql`f.state = 'sign_in_again'
      AND (NOT ${hasReason()} OR ${isHelped()} AND ${isOfMoreThanPolicy()})`;
  if (shown === "fix_registration")
    return Prisma.sql`f.state = 'fix_registration' AND (NOT ${hasReason()} OR ${isOfMoreThanPolicy()})`;
  return Prisma.sql`f.state = ${shown}`;
}

const isOfMoreThanPolicy = () => hasReason(Prisma.sql`AND NOT r.id = ANY (${refusedByPolicy()})`);
const isHelped = () => hasReason(Prisma.sql`AND r.id = ANY (${helpedBySignIn()})`);

/** Whether one of its sign-ins, or the registration itself, failed with that. */
function hasReason(condition = Prisma.empty): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM (
      SELECT t."failureId" AS id FROM "Authorization" a JOIN "TokenSet" t ON t."authorizationId" = a.id
      WHERE a."cloudProviderId" = f."cloudProviderId" AND t.state IN ('sign_in_again', 'fix_registration')
      UNION ALL
      SELECT q."failureId" FROM "CloudProvider" q WHERE q.id = f."cloudProviderId"
    ) r WHERE r.id IS NOT NULL ${condition})`;
}
