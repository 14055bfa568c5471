import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { untilStored } from "@/lib/kernel/until-stored";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import { serviceOf } from "@/lib/oauth/services";
import { type OpenedRegistration, openRegistration } from "@/lib/registrations/store";
import { asAppError, refusedBy } from "@/lib/remedies/app-error";
import { keepOrAsk, toOutcome } from "./complete";
import {
  claimDeviceRequest,
  createDeviceRequest,
  type DeviceRequest,
  deleteDeviceRequest,
  openHandle,
  pollAgain,
} from "./device-codes/store";
import { recordOutcome, tellProvider } from "./outcomes/mutations";
import type { SignInSubject } from "./queries";
import { decideAuthorizationSchema } from "./schema";
import { isRequestOver } from "./store";

/** RFC 8628 §3.5: what `slow_down` adds to the interval, for good. */
const SLOW_DOWN_MS = 5 * SECOND_MS;
/** What a failure on the way adds once. */
const AFTER_FAILURE_MS = 10 * SECOND_MS;

/**
 * A code that is typed on another device. The keeper polls, whatever becomes of the page. @returns its address
 * @throws AppError unprocessable with the remedy, temporarily_unavailable, conflict
 */
export async function beginDeviceCode(
  actor: Actor & { sessionId: string },
  registration: OpenedRegistration,
  { cloudProviderId, expectedUsername }: SignInSubject,
): Promise<URL> {
  requirePermission(actor, "authorizations:write");
  const { deviceCode } = serviceOf(registration);
  if (!deviceCode)
    throw new AppError("conflict", "This platform doesn't support signing in to mail with a code.");
  const device = await deviceCode.request(registration).catch((error: unknown) => {
    throw asAppError(error);
  });
  const { sessionId, name: startedByName } = actor;
  const asked = { expectedUsername, device, sessionId, startedByName };
  const id = await createDeviceRequest(registration, asked);
  const page = new URL(`/settings/cloud-providers/${cloudProviderId}`, env().url);
  page.searchParams.set("authorization", id);
  return page;
}

/** Forgets a code that was shown; a later result is dropped. */
export const cancelDeviceCode = command({
  input: decideAuthorizationSchema,
  permission: "authorizations:write",
  async act(actor, { authorizationRequestId: id }): Promise<void> {
    const isOpen = actor.sessionId && (await deleteDeviceRequest(id, actor.sessionId));
    if (!isOpen) throw new AppError("not_found", "This sign-in has already ended.");
  },
});

/** One turn of the keeper: asks about every code that is due, one after the other. */
export async function pollDeviceCodes(actor: Actor): Promise<void> {
  requirePermission(actor, "authorizations:write");
  let request = await claimDeviceRequest();
  while (request) {
    await pollDeviceCode(actor, request);
    request = await claimDeviceRequest();
  }
}

async function pollDeviceCode(actor: Actor, request: DeviceRequest): Promise<void> {
  const { cloudProviderId } = request;
  try {
    if (await isRequestOver(request.id))
      throw refusedBy("callback.device_code_expired", "invalid_grant");
    await poll(actor, request);
  } catch (error) {
    // May be over when it is asked about next; the code's own end bounds it.
    if (error instanceof OAuthFailure && error.kind === "retry") {
      const { pollIntervalMs } = request;
      return pollAgain(request, { waitMs: pollIntervalMs + AFTER_FAILURE_MS, pollIntervalMs });
    }
    const outcome = toOutcome(error);
    log.warn({ cloudProviderId, remedyId: outcome.remedyId }, "sign-in with a code failed");
    await recordOutcome(actor, request, outcome);
    await tellProvider(cloudProviderId);
  }
}

async function poll(actor: Actor, request: DeviceRequest): Promise<void> {
  const { cloudProviderId, providerVersion, pollIntervalMs } = request;
  const registration = await openRegistration(cloudProviderId);
  const { deviceCode } = serviceOf(registration);
  if (!deviceCode || registration.providerVersion !== providerVersion)
    throw refusedBy("callback.provider_changed", "invalid_request");
  const { destination } = registration;
  const answer = await deviceCode.poll(registration, openHandle(request, destination));
  if (answer.kind !== "signed_in") {
    const intervalMs = pollIntervalMs + (answer.kind === "slow_down" ? SLOW_DOWN_MS : 0);
    const handed = { handle: answer.handle, destination };
    return pollAgain(request, { waitMs: intervalMs, pollIntervalMs: intervalMs, handed });
  }
  const outcome = await untilStored(() =>
    keepOrAsk(actor, request, { signIn: answer.signIn, destination }),
  );
  if (outcome.kind === "confirm") await tellProvider(cloudProviderId);
}
