import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { findChoices } from "@/lib/kernel/choices/store";
import { db } from "@/lib/kernel/db";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Grant } from "@/lib/oauth/schema";
import { shownState } from "@/lib/remedies/shown-state";
import { Prisma } from "@/prisma/generated/client";
import { signedInName } from "../identities";
import type { FindSignIn, FoundSignIn, SearchSignedIn } from "./schema";

/** The people who are signed in at a provider. What is chosen is the name that signs in, not an id. */
export async function searchSignedIn(
  actor: Actor,
  { cloudProviderId, search }: SearchSignedIn,
): Promise<Choices> {
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

/** Null when the provider is gone. */
export async function findSignIn(
  actor: Actor,
  { cloudProviderId, username }: FindSignIn,
): Promise<FoundSignIn | null> {
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
  return {
    providerName,
    grant,
    signedIn: signedInOf(token),
  };
}

type FoundToken = Omit<FoundRow, "providerName" | "grant">;

function signedInOf({ state, failureId, expiresAt, refreshDueAt }: FoundToken) {
  if (!state || !expiresAt || !refreshDueAt) return null;
  const shown = shownState(state, [failureId]);
  return { state, shownState: shown, accessTokenExpiresAt: expiresAt, refreshDueAt };
}
