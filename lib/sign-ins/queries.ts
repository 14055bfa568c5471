import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { grantSchema, type ServiceId } from "@/lib/oauth/schema";
import { serviceOf } from "@/lib/oauth/services";
import type { AuthorizationRow, BeginAuthorization, Outcome } from "./schema";
import { findRequest } from "./store";

/** Who is signed in at a provider, newest first. */
export async function listAuthorizations(
  actor: Actor,
  cloudProviderId: string,
): Promise<AuthorizationRow[]> {
  requirePermission(actor, "providers:read");
  const provider = await db().cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: { service: true },
  });
  if (!provider) return [];
  const service = serviceOf({ service: provider.service as ServiceId }); // written from the form's list only
  const rows = await db().authorization.findMany({
    where: { cloudProviderId },
    orderBy: { signedInAt: "desc" },
    take: 200,
    select: {
      id: true,
      grant: true,
      objectId: true,
      username: true,
      displayName: true,
      scopes: true,
      signedInAt: true,
      signedInByName: true,
      tokenSet: {
        select: {
          state: true,
          failureId: true,
          failureText: true,
          failingSince: true,
          refreshedAt: true,
          refreshDueAt: true,
          accessTokenExpiresAt: true,
        },
      },
    },
  });
  return rows.flatMap(({ tokenSet, ...row }) =>
    tokenSet
      ? [
          {
            ...row,
            ...tokenSet,
            state: shownState(tokenSet),
            permissions: service.permissions(grantSchema.parse(row.grant), row.scopes),
          },
        ]
      : [],
  );
}

/** As the function `token_state` of the database says it. */
function shownState({
  state,
  accessTokenExpiresAt,
}: {
  state: string;
  accessTokenExpiresAt: Date;
}) {
  return state === "connected" && accessTokenExpiresAt < wallTime() ? "retrying" : state;
}

/** The result of the sign-in that this browser session began; null for anybody else's. */
export async function findOutcome(
  actor: Actor,
  authorizationRequestId: string,
): Promise<Outcome | null> {
  if (!actor.sessionId) return null;
  return (await findRequest(authorizationRequestId, actor.sessionId))?.outcome ?? null;
}

/** A code that waits for being typed on another device, for the session that asked for it. */
export type DeviceSignIn = {
  id: string;
  userCode: string;
  verificationUri: string;
  expiresAt: Date;
  expectedUsername: string | null;
};

/** The newest one of this provider; null when there is none, or it is somebody else's. */
export async function findDeviceSignIn(
  actor: Actor,
  cloudProviderId: string,
): Promise<DeviceSignIn | null> {
  if (!actor.sessionId) return null;
  const found = await db().authorizationRequest.findFirst({
    where: { cloudProviderId, sessionId: actor.sessionId, nextPollAt: { not: null } },
    orderBy: { createdAt: "desc" },
    select: {
      id: true,
      userCode: true,
      verificationUri: true,
      expiresAt: true,
      expectedUsername: true,
    },
  });
  const { userCode, verificationUri } = found ?? {};
  return found && userCode && verificationUri ? { ...found, userCode, verificationUri } : null;
}

export type SignInSubject = {
  cloudProviderId: string;
  expectedUsername: string | null;
  /** The account for whose move somebody signs in. */
  emailAccountId?: string;
};

/** Which provider to go to, and who is expected to sign in there. */
export async function findSubject(input: BeginAuthorization): Promise<SignInSubject> {
  switch (input.subject) {
    case "another":
      return { cloudProviderId: input.cloudProviderId, expectedUsername: null };
    case "provider":
      return {
        cloudProviderId: input.cloudProviderId,
        expectedUsername: await onlyUsername(input.cloudProviderId),
      };
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
    take: 2,
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
  return { cloudProviderId: account.cloudProviderId, expectedUsername: account.username };
}
