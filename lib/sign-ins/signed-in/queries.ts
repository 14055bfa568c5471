import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { findChoices } from "@/lib/kernel/paging/store";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Grant } from "@/lib/oauth/schema";
import { shownState } from "@/lib/remedies/shown-state";
import { Prisma } from "@/prisma/generated/client";
import { signedInName } from "../identities";
import type { FindSignIn, SearchSignedIn } from "../schema";

/** The people who are signed in at a provider. What is chosen is the name that signs in, not an id. */
export async function searchSignedIn(actor: Actor, { cloudProviderId, search }: SearchSignedIn) {
  requirePermission(actor, "providers:read");
  return findChoices({
    select: Prisma.sql`SELECT a.username AS id, a.username AS name, nullif(a."displayName", '') AS detail
      FROM "Authorization" a`,
    filter: Prisma.sql`a."cloudProviderId" = ${cloudProviderId}::uuid AND a.username <> ''`,
    searched: Prisma.sql`(a.username || ' ' || lower(a."displayName"))`,
    search,
    orderBy: Prisma.sql`a.username`,
  });
}

type FoundRow = {
  providerName: string;
  grant: Grant;
  state: string | null;
  failureId: string | null;
  expiresAt: Date | null;
  refreshDueAt: Date | null;
};

export async function findSignIn(actor: Actor, { cloudProviderId, username }: FindSignIn) {
  requirePermission(actor, "providers:read");
  const [row] = await db().$queryRaw<FoundRow[]>`
    SELECT p.name AS "providerName", p."grant", token_state(t.state, t."accessTokenExpiresAt") AS state,
      t."accessTokenExpiresAt" AS "expiresAt", t."refreshDueAt", t."failureId"
    FROM "CloudProvider" p CROSS JOIN (SELECT ${emailKey(username)}::text AS "usernameKey") e
    LEFT JOIN "Authorization" a ON a."cloudProviderId" = p.id
      AND a.username = ${Prisma.raw(signedInName("e", "p"))}
    LEFT JOIN "TokenSet" t ON t."authorizationId" = a.id
    WHERE p.id = ${cloudProviderId}::uuid`;
  if (!row) return null;
  const { providerName, grant, ...token } = row;
  return { providerName, grant, signedIn: signedInOf(token) };
}

export type FoundSignIn = NonNullable<Awaited<ReturnType<typeof findSignIn>>>;

type FoundToken = Omit<FoundRow, "providerName" | "grant">;

function signedInOf({ state, failureId, expiresAt, refreshDueAt }: FoundToken) {
  if (!state || !expiresAt || !refreshDueAt) return null;
  const shown = shownState(state, [failureId]);
  return { state, shownState: shown, accessTokenExpiresAt: expiresAt, refreshDueAt };
}

/** A sign-in for which a browser left, and that did not come back. */
export type Unreturned = { id: string; ageMs: number };

type Subject = { cloudProviderId: string; emailAccountId?: string };

/**
 * The last sign-in that this browser session left for, if no one came back from the provider since: a platform that does
 * not know the redirect URI sends no one back. @param emailAccountId that it was begun for; any if left out
 */
export async function findUnreturned(actor: Actor, { cloudProviderId, emailAccountId }: Subject) {
  requirePermission(actor, "providers:read");
  if (!actor.sessionId) return null;
  // Ends: The last one alone.
  const [found] = await db().$queryRaw<Unreturned[]>`
    SELECT r.id, extract(epoch FROM now() - r."createdAt")::float * 1000 AS "ageMs"
    FROM "AuthorizationRequest" r
    WHERE r."cloudProviderId" = ${cloudProviderId}::uuid AND r."sessionId" = ${actor.sessionId}::uuid
      AND r."consumedAt" IS NULL AND r."userCode" IS NULL AND r."createdAt" > now() - interval '1 hour'
      AND coalesce(r."emailAccountId" = ${emailAccountId ?? null}::uuid, ${emailAccountId === undefined})
      AND NOT EXISTS (SELECT FROM "AuthorizationRequest" other
        WHERE other."cloudProviderId" = r."cloudProviderId" AND other."consumedAt" >= r."createdAt")
    ORDER BY r."createdAt" DESC LIMIT 1`;
  return found ?? null;
}
