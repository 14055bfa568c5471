import { randomBytes } from "node:crypto";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { waitAfterFailures, waitForAnswer } from "@/lib/kernel/backoff";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { SealError } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { OAuthFailure, oauthFailure } from "@/lib/oauth/oauth-failure";
import type { OwnSecrets } from "@/lib/oauth/service";
import { saveCredential } from "./credentials/mutations";
import { isoDay } from "./credentials/schema";
import { type ProvedCredential, prove } from "./prove-registration";
import { openOwnSecrets, removeLeftovers, removeReplaced, rotationOf } from "./rotations/mutations";
import {
  beginMaking,
  claimDueRotation,
  claimRotation,
  endTurn,
  findInUse,
  forgetPending,
  openPending,
  type PendingSecret,
  type RotationClaim,
  recordRotationFailure,
  savePending,
} from "./rotations/store";
import { type RotationResult, rotateClientSecretSchema, rotatesAt } from "./schema";
import { type OpenedRegistration, openRegistration } from "./store";

const VALID_MONTHS = 6;
const LOOK_EVERY_MS = DAY_MS;
/** A platform's servers take minutes at the worst to know a new secret. */
const ACCEPTED_WITHIN_MS = DAY_MS;

export async function rotateDue(actor: Actor): Promise<RotationResult | null> {
  requirePermission(actor, "providers:write");
  const claim = await claimDueRotation();
  return claim && takeTurn(actor, claim);
}

/** Due or not. @throws AppError conflict during another turn, or while renewal is off */
export const rotateNow = command({
  input: rotateClientSecretSchema,
  permission: "providers:write",
  proof: true,
  async act(actor, input): Promise<RotationResult> {
    const claim = await claimRotation(input.cloudProviderId);
    if (claim) return takeTurn(actor, claim, input.version);
    throw new AppError(
      "conflict",
      "The secret is being renewed right now, or its automatic renewal is switched off.",
    );
  },
});

/** @param asked the version of the secret to replace at once, whenever it expires */
async function takeTurn(
  actor: Actor,
  claim: RotationClaim,
  asked?: number,
): Promise<RotationResult> {
  const { cloudProviderId } = claim;
  try {
    const result = await rotate(actor, claim, asked);
    await endTurn(claim, await waitMs(result));
    return result;
  } catch (error) {
    const failure = toFailure(error, claim);
    if (!failure) throw error;
    const details = error instanceof OAuthFailure ? error.details : undefined;
    log.warn({ error, details, cloudProviderId, ...failure }, "the client secret was not renewed");
    await recordRotationFailure(claim, failure);
    return { kind: "failed", failureId: failure.failureId };
  }
}

/** May be killed at any point: a new secret is sealed at once, and a lost one is found by name. */
async function rotate(actor: Actor, claim: RotationClaim, asked?: number): Promise<RotationResult> {
  const registration = await openRegistration(claim.cloudProviderId);
  const pending = openPending(claim, registration.destination);
  const isOurs = pending?.replaces === registration.credentialVersion;
  const isLate = pending !== null && (await ageMs(pending.madeAt)) > ACCEPTED_WITHIN_MS;
  if (pending && isOurs && !isLate) return putInUse(actor, claim, { registration, pending });
  const secrets = await openOwnSecrets(registration);
  if (pending) {
    await secrets.remove(pending.keyId);
    await forgetPending(claim);
    if (isOurs) throw oauthFailure("fix_registration", rotationOf(registration).notAccepted);
  }
  const listed = await secrets.list();
  await removeLeftovers(secrets, claim, listed);
  const result = (await isDue(registration, asked))
    ? await renew(actor, claim, { registration, secrets })
    : ({ kind: "not_due" } as const);
  await removeReplaced(actor, secrets, { provider: registration, listed });
  return result;
}

async function isDue(registration: OpenedRegistration, asked?: number): Promise<boolean> {
  if (asked !== undefined) return asked === registration.credentialVersion;
  const { expiresAt } = await findInUse(registration.cloudProviderId);
  return expiresAt !== null && rotatesAt(expiresAt) <= (await databaseNow());
}

type Opened = { registration: OpenedRegistration; secrets: OwnSecrets };

async function renew(actor: Actor, claim: RotationClaim, opened: Opened): Promise<RotationResult> {
  const pending = await makeSecret(claim, opened);
  if (!pending) return { kind: "superseded" };
  return putInUse(actor, claim, { registration: opened.registration, pending });
}

async function makeSecret(
  claim: RotationClaim,
  { registration, secrets }: Opened,
): Promise<PendingSecret | null> {
  const { credentialVersion: replaces, destination } = registration;
  // The same name as long as the same secret is to be replaced: nothing of an earlier attempt gets lost.
  const isRepeated = claim.credentialVersion === replaces && claim.displayName !== null;
  const displayName = isRepeated ? (claim.displayName ?? newName()) : newName();
  if (!(await beginMaking(claim, { displayName, replaces }))) return null;
  const expiresAt = new Date(isoDay(VALID_MONTHS));
  const made = await secrets.add({ displayName, expiresAt });
  if (await savePending(claim, { ...made, destination })) {
    const { secretText: clientSecret, ...dated } = made;
    return { ...dated, clientSecret, madeAt: await databaseNow(), replaces };
  }
  await secrets.remove(made.keyId);
  return null;
}

/** What the secret is called at the platform, for people; nothing else uses the name. */
function newName(): string {
  return `Postkey ${isoDay(0)} ${randomBytes(4).toString("hex")}`;
}

/** The way of a secret that was entered by hand, once the token endpoint takes it. */
async function putInUse(
  actor: Actor,
  { cloudProviderId, fence }: RotationClaim,
  { registration, pending }: { registration: OpenedRegistration; pending: PendingSecret },
): Promise<RotationResult> {
  const { clientSecret, keyId, expiresAt, madeAt } = pending;
  const credential = { kind: "client_secret", secret: clientSecret } as const;
  let proved: ProvedCredential;
  try {
    proved = await prove({ ...registration, credential });
  } catch (error) {
    const isNotKnownYet = error instanceof OAuthFailure && error.details.error === "invalid_client";
    if (isNotKnownYet) return { kind: "waiting", madeAt };
    throw error;
  }
  try {
    const rotated = { origin: "rotated", rotationFence: fence } as const;
    await saveCredential(actor, registration, { ...rotated, proved, expiresAt, keyId });
  } catch (error) {
    if (error instanceof AppError && error.code === "stale") return { kind: "superseded" };
    throw error;
  }
  log.info({ cloudProviderId, keyId }, "the client secret was renewed");
  return { kind: "rotated" };
}

const PROOF = { firstMs: 10 * SECOND_MS, longestMs: 15 * MINUTE_MS };

async function waitMs(result: RotationResult): Promise<number> {
  if (result.kind === "superseded") return RETRY.firstMs;
  if (result.kind !== "waiting") return LOOK_EVERY_MS;
  return waitForAnswer(PROOF, await ageMs(result.madeAt));
}

async function ageMs(madeAt: Date): Promise<number> {
  return (await databaseNow()).getTime() - madeAt.getTime();
}

const RETRY = { firstMs: MINUTE_MS, longestMs: 6 * HOUR_MS };

type RotationFailure = { failureId: string; waitMs: number };

function toFailure(error: unknown, { failures }: RotationClaim): RotationFailure | null {
  if (error instanceof OAuthFailure) {
    // Providers have their turns one after the other: chance need not keep them apart.
    const retryMs = error.retryAfterMs ?? waitAfterFailures(RETRY, failures, () => 1);
    const pauseMs = error.kind === "retry" ? retryMs : RETRY.longestMs;
    return { failureId: error.remedyId, waitMs: pauseMs };
  }
  if (error instanceof SealError || (error instanceof AppError && error.code === "locked"))
    return { failureId: "postkey.locked", waitMs: RETRY.longestMs };
  if (error instanceof AppError && error.code === "unprocessable")
    return { failureId: "graph.not_in_cloud", waitMs: RETRY.longestMs };
  return null;
}
