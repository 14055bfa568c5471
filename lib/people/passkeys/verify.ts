import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from "@simplewebauthn/server";
import type { Actor } from "@/lib/kernel/actor";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { requirePerson } from "@/lib/kernel/oneself";
import { beginSession, type From } from "../administrators/sessions";
import { requirePasswordAllowed } from "../company/store";
import { markProven } from "../factors/store";
import { countAnswer } from "../throttles/store";
import { recordCopy } from "./mutations";
import { passkeyHost } from "./queries";
import { authenticationResponseSchema, readResponse } from "./schema";
import {
  advanceCounter,
  createChallenge,
  findPasskey,
  type KnownPasskey,
  openChallenge,
  requirePasskey,
  sealChallenge,
  spendChallenge,
  takeChallenge,
} from "./store";

/** It names no passkey, so that no one learns who exists. @param administratorId null for a sign-in */
export async function beginPasskey(administratorId: string | null) {
  const { rpId, problem } = passkeyHost();
  if (rpId === null) throw new AppError("conflict", problem);
  const options = await generateAuthenticationOptions({
    rpID: rpId,
    userVerification: "required",
    timeout: 5 * MINUTE_MS,
  });
  const { challenge } = options;
  const token =
    administratorId === null
      ? await sealChallenge(challenge)
      : await createChallenge({ challenge, administratorId });
  return { options, token };
}

type Shown = {
  response: unknown;
  token: string | undefined;
  administratorId: string | null;
  address: string | undefined;
};

/** @throws AppError unauthenticated; too_many_requests with the time to wait */
export async function verifyPasskey(shown: Shown): Promise<KnownPasskey> {
  const { rpId } = passkeyHost();
  // Who was asked nothing can answer nothing: it costs those who were no attempt.
  const challenge = await findChallenge(shown.token, shown.administratorId);
  if (challenge === null || rpId === null) throw tookTooLong();
  const takeBack = await countAnswer("passkey", { address: shown.address, begun: challenge });
  const passkey = await verify(shown, challenge, rpId);
  await takeBack();
  return passkey;
}

async function verify(
  { response, administratorId, address }: Shown,
  expectedChallenge: string,
  rpId: string,
) {
  const answer = readResponse(authenticationResponseSchema, response);
  const passkey = answer && (await findPasskey(answer.id, rpId));
  if (!passkey || (administratorId !== null && passkey.person.id !== administratorId))
    throw refused("Postkey does not know this passkey. It may have been removed here.");
  const { userHandle, ...rest } = answer.response;
  if (userHandle && userHandle !== passkey.userHandle) throw unproved();
  const info = await verifyAuthenticationResponse({
    response: { ...answer, response: rest },
    expectedChallenge,
    expectedOrigin: passkeyHost().origin,
    expectedRPID: rpId,
    // The counter is compared below, once the signature has shown that it is the passkey's own.
    credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: 0 },
    requireUserVerification: true,
  }).catch((error: unknown) => {
    log.warn({ error }, "an answer of a passkey was refused");
    throw unproved();
  });
  if (!info.verified) throw unproved();
  if (administratorId === null && !(await spendChallenge(expectedChallenge))) throw tookTooLong();
  await requireNewCounter(passkey, info.authenticationInfo.newCounter, address);
  return passkey;
}

async function requireNewCounter(
  passkey: KnownPasskey,
  counter: number,
  address: string | undefined,
): Promise<void> {
  if (await advanceCounter(passkey.id, counter)) return;
  await recordCopy(passkey, address);
  throw refused(
    "There may be a copy of this passkey: its counter went back. It was refused. Sign in with your password, then remove it in your profile.",
  );
}

async function findChallenge(token: string | undefined, administratorId: string | null) {
  if (token === undefined) return null;
  if (administratorId === null) return openChallenge(token);
  const taken = await takeChallenge(token);
  return taken?.administratorId === administratorId ? taken.challenge : null;
}

function tookTooLong(): AppError {
  return refused("This took too long, or was begun in another browser. Try again.");
}

function unproved(): AppError {
  return refused("The passkey could not be checked. Try again, or sign in with your password.");
}

function refused(message: string): AppError {
  return new AppError("unauthenticated", message);
}

/** No name is typed, and the finger, face or PIN is the second factor. */
export async function signInWithPasskey(response: unknown, token: string | undefined, from: From) {
  const { address } = from;
  const { id, person } = await verifyPasskey({ response, token, administratorId: null, address });
  await requirePasswordAllowed(person, "passkey");
  const sessionId = await beginSession(person, from, {
    method: "passkey",
    bind: (tx) => requirePasskey(tx, id),
  });
  return { sessionId, email: person.email };
}

export async function beginPasskeyProof(actor: Actor) {
  requirePerson(actor);
  return beginPasskey(actor.id);
}

export async function proveWithPasskey(
  actor: Actor,
  { response }: { response: string },
  token: string | undefined,
): Promise<void> {
  const sessionId = requirePerson(actor);
  const { address } = actor;
  await verifyPasskey({ response, token, administratorId: actor.id, address });
  await markProven(sessionId, { twoFactors: true });
}
