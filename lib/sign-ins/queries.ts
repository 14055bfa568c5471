import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import { emailKey } from "@/lib/kernel/text/normalize";
import { only } from "@/lib/kernel/words";
import {
  GRAPH_PERMISSIONS,
  type GraphUse,
  type GraphWay,
  usesIn,
  usesOf,
} from "@/lib/oauth/graph-uses";
import type { ServiceId } from "@/lib/oauth/schema";
import { serviceOf } from "@/lib/oauth/services";
import { grantSchema } from "@/lib/registrations/rows/schema";
import { NAMED_IN_SCRIPT } from "@/lib/remedies/fill-command";
import { Prisma } from "@/prisma/generated/client";
import { mailboxName } from "./identities";
import { type BeginAuthorization, type SignInFailure, signInStands } from "./schema";
import { findRequest } from "./store";

const authorizationView = {
  ...only("id grant objectId username displayName scopes signedInAt signedInByName"),
  tokenSet: {
    select: only(
      "state failureId failureText failingSince refreshedAt refreshDueAt accessTokenExpiresAt",
    ),
  },
  graphToken: { select: only("scopes failureId") },
} as const satisfies Prisma.AuthorizationSelect;

export async function listAuthorizations(
  actor: Actor,
  cloudProviderId: string,
  position: Position = {},
) {
  requirePermission(actor, "providers:read");
  const provider = await db().cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: { service: true },
  });
  if (!provider) return { rows: [], total: { count: 0, isCapped: false } };
  const service = serviceOf({ service: provider.service as ServiceId }); // written from the form's list only
  const where = { cloudProviderId };
  const { rows, ...page } = await findSection({
    position,
    size: 50,
    find: (window) =>
      db().authorization.findMany({
        where,
        orderBy: [{ signedInAt: "desc" }, { id: "desc" }],
        select: authorizationView,
        ...window,
      }),
    count: (bounded) => db().authorization.count({ where, ...bounded }),
  });
  const shown = rows.flatMap(({ tokenSet, graphToken, ...row }) => {
    if (!tokenSet) return [];
    const permissions = service
      .permissions(grantSchema.parse(row.grant), row.scopes)
      .concat(graphToken ? permissionsAtGraph(graphToken) : []);
    return [{ ...row, ...tokenSet, state: tokenState(tokenSet), permissions }];
  });
  return { rows: shown, ...page };
}

const WAYS: readonly GraphWay[] = ["send", "read"];

/** Known once it was to be used. */
function permissionsAtGraph({ scopes, failureId }: { scopes: string[]; failureId: string | null }) {
  const way = WAYS.find((each) => failureId === `graph.${each}_not_consented`);
  const [own, shared] = way ? usesOf(way, true) : [];
  const found = usesIn(scopes);
  const missing = own && found.includes(own) ? shared : own;
  const uses = found.filter((use) => use !== missing).concat(missing ?? []);
  return uses.map((use) => ({ name: GRAPH_PERMISSIONS[use], isGranted: use !== missing }));
}

export type AuthorizationRow = Awaited<ReturnType<typeof listAuthorizations>>["rows"][number];

/** What keeps people of a provider out, each cause once, with those whom it concerns, newest first. */
export async function listSignInFailures(actor: Actor, cloudProviderId: string) {
  requirePermission(actor, "providers:read");
  return db().$queryRaw<SignInFailure[]>`
    SELECT t."failureId", count(*)::int AS count,
      (array_agg(coalesce(nullif(a.username, ''), a."displayName") ORDER BY a."signedInAt" DESC))[1:${NAMED_IN_SCRIPT}] AS names,
      coalesce((array_agg(a.username ORDER BY a."signedInAt" DESC)
        FILTER (WHERE a.username <> ''))[1:${NAMED_IN_SCRIPT}], '{}') AS usernames,
      coalesce((array_agg(a.id::text ORDER BY a."signedInAt" DESC)
        FILTER (WHERE a.username <> ''))[1:${NAMED_IN_SCRIPT}], '{}') AS "authorizationIds",
      (array_agg(t."failureText" ORDER BY a."signedInAt" DESC))[1] AS "failureText",
      (array_agg(t."failingSince" ORDER BY a."signedInAt" DESC))[1] AS "failingSince"
    FROM "Authorization" a JOIN "TokenSet" t ON t."authorizationId" = a.id
    WHERE a."cloudProviderId" = ${cloudProviderId}::uuid AND t."failureId" IS NOT NULL
    GROUP BY t."failureId" ORDER BY max(a."signedInAt") DESC`;
}

/**
 * What the accounts of a provider do through Microsoft Graph, all of them or those of one person.
 * @permission none: a part of what begins a sign-in.
 */
export async function findGraphUses(
  cloudProviderId: string,
  username?: string | null,
): Promise<GraphUse[]> {
  const person = username ? Prisma.sql`AND e."usernameKey" = ${emailKey(username)}` : Prisma.empty;
  const rows = await db().$queryRaw<{ way: GraphWay; isShared: boolean }[]>`
    SELECT u.way, bool_or(lower(${Prisma.raw(mailboxName("e"))}) <> e."usernameKey") AS "isShared"
    FROM "EmailAccount" e CROSS JOIN LATERAL (VALUES ('send', e."sendsBy"), ('read', e."readsBy")) u(way, by)
    WHERE e."cloudProviderId" = ${cloudProviderId}::uuid
      AND e."modernAuthentication" AND u.by = 'graph' ${person}
    GROUP BY u.way ORDER BY u.way DESC`;
  return rows.flatMap(({ way, isShared }) => usesOf(way, isShared));
}

export async function readTokenStates(actor: Actor, cloudProviderId: string) {
  requirePermission(actor, "providers:read");
  const rows = await db().authorization.findMany({
    where: { cloudProviderId },
    orderBy: { signedInAt: "desc" },
    select: { id: true, tokenSet: { select: { state: true, accessTokenExpiresAt: true } } },
  });
  return rows.flatMap(({ id, tokenSet }) =>
    tokenSet ? [{ id, state: tokenState(tokenSet) }] : [],
  );
}

/** As the function `token_state` of the database says it. */
function tokenState(tokens: { state: string; accessTokenExpiresAt: Date }): string {
  const { state, accessTokenExpiresAt } = tokens;
  return state === "connected" && accessTokenExpiresAt < wallTime() ? "retrying" : state;
}

/**
 * Of the sign-in that this session began; null for good news that is no longer true when the page is loaded again.
 * @permission none: only the session that began the sign-in sees it.
 */
export async function findOutcome(actor: Actor, authorizationRequestId: string) {
  if (!actor.sessionId) return null;
  const request = await findRequest(authorizationRequestId, actor.sessionId);
  const outcome = request?.outcome ?? null;
  if (!request || outcome?.kind !== "connected") return outcome;
  const { cloudProviderId } = request;
  const username = emailKey(outcome.username);
  const found = await db().authorization.findUnique({
    where: { cloudProviderId_username: { cloudProviderId, username } },
    select: { tokenSet: { select: { state: true } } },
  });
  return signInStands(found?.tokenSet?.state) ? outcome : null;
}

/** The newest code of this provider, or null. @permission none: only the session of it sees it. */
export async function findDeviceSignIn(actor: Actor, cloudProviderId: string) {
  if (!actor.sessionId) return null;
  const found = await db().authorizationRequest.findFirst({
    where: { cloudProviderId, sessionId: actor.sessionId, nextPollAt: { not: null } },
    orderBy: { createdAt: "desc" },
    select: only("id userCode verificationUri expiresAt expectedUsername"),
  });
  const { userCode, verificationUri } = found ?? {};
  return found && userCode && verificationUri ? { ...found, userCode, verificationUri } : null;
}

export type DeviceSignIn = NonNullable<Awaited<ReturnType<typeof findDeviceSignIn>>>;

export type SignInSubject = {
  cloudProviderId: string;
  expectedUsername: string | null;
  emailAccountId?: string;
};

export async function findSubject(input: BeginAuthorization): Promise<SignInSubject> {
  switch (input.subject) {
    case "another":
      return { cloudProviderId: input.cloudProviderId, expectedUsername: null };
    case "provider": {
      const { cloudProviderId } = input;
      return { cloudProviderId, expectedUsername: await onlyUsername(cloudProviderId) };
    }
    case "authorization":
      return subjectOfAuthorization(input.authorizationId);
    case "email_account":
      return subjectOfAccount(input.emailAccountId);
    case "move": {
      const { cloudProviderId, username, emailAccountId } = input;
      return { cloudProviderId, expectedUsername: username, emailAccountId };
    }
    default:
      throw new Error(`Unhandled subject ${input satisfies never}`);
  }
}

/** With one person signed in, it is that one who is expected again. */
async function onlyUsername(cloudProviderId: string): Promise<string | null> {
  const [first, second] = await db().authorization.findMany({
    where: { cloudProviderId },
    take: 2, // Ends: Whether there is more than one.
    select: { username: true },
  });
  return first && !second ? first.username : null;
}

async function subjectOfAuthorization(id: string): Promise<SignInSubject> {
  const found = await db().authorization.findUnique({
    where: { id },
    select: { cloudProviderId: true, username: true },
  });
  if (!found) throw new AppError("not_found", "This sign-in no longer exists.");
  return { cloudProviderId: found.cloudProviderId, expectedUsername: found.username };
}

async function subjectOfAccount(id: string): Promise<SignInSubject> {
  const account = await db().emailAccount.findUnique({
    where: { id },
    select: { cloudProviderId: true, username: true },
  });
  if (!account) throw new AppError("not_found", "This email account no longer exists.");
  if (!account.cloudProviderId)
    throw new AppError(
      "conflict",
      "Choose a cloud provider for this account first: Edit, Modern Authentication.",
    );
  const { cloudProviderId, username } = account;
  return { cloudProviderId, expectedUsername: username, emailAccountId: id };
}
