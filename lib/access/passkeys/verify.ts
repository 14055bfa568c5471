import "server-only";
import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from "@simplewebauthn/server";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { networkOf } from "@/lib/kernel/networks";
import {
  type AdministratorIdentity,
  countAttempt,
  refundAttempt,
  type Throttle,
} from "../administrators/store";
import { tooMany, toWait } from "../administrators/waits";
import { passkeyHost } from "./host";
import { recordCopy } from "./mutations";
import { readResponse } from "./read-response";
import { authenticationResponseSchema } from "./schema";
import { advanceCounter, createChallenge, findPasskey, takeChallenge } from "./store";

/**
 * What a browser needs to ask for a passkey. It names none, so that nobody learns who exists.
 * @param administratorId who has to answer; null for a sign-in
 * @throws AppError conflict where there can be no passkeys
 */
export async function beginPasskey(administratorId: string | null) {
  const { rpId, problem } = passkeyHost();
  if (rpId === null) throw new AppError("conflict", problem);
  const options = await generateAuthenticationOptions({
    rpID: rpId,
    userVerification: "required",
    timeout: 5 * MINUTE_MS,
  });
  const token = await createChallenge({ challenge: options.challenge, administratorId });
  return { options, token };
}

type Shown = {
  /** JSON of the browser. */
  response: unknown;
  /** What bound the challenge to this browser. */
  token: string | undefined;
  /** Who has to answer; null for a sign-in. */
  administratorId: string | null;
  address: string | undefined;
};

/**
 * @returns whose passkey answered, with their finger, face or PIN
 * @throws AppError unauthenticated; too_many_requests with the time to wait
 */
export async function verifyPasskey(shown: Shown): Promise<AdministratorIdentity> {
  const throttle = throttleFor(shown.address);
  const attempt = await countAttempt([throttle]);
  if (!attempt) throw (await toWait([throttle])) ?? tooMany(SECOND_MS);
  const person = await verify(shown);
  await refundAttempt(attempt);
  return person;
}

async function verify({ response, token, administratorId, address }: Shown) {
  const { rpId, origin } = passkeyHost();
  const challenge = token === undefined ? null : await takeChallenge(token);
  if (!challenge || challenge.administratorId !== administratorId || rpId === null)
    throw refused("This took too long, or was begun in another browser. Try again.");
  const answer = readResponse(authenticationResponseSchema, response);
  const passkey = answer && (await findPasskey(answer.id, rpId));
  if (!passkey || (administratorId !== null && passkey.person.id !== administratorId))
    throw refused("Postkey does not know this passkey. It may have been removed here.");
  const { userHandle, ...rest } = answer.response;
  if (userHandle && userHandle !== passkey.userHandle) throw unproved();
  const info = await verifyAuthenticationResponse({
    response: { ...answer, response: rest },
    expectedChallenge: challenge.challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    // The counter is compared below, once the signature has shown that it is the passkey's own.
    credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: 0 },
    requireUserVerification: true,
  }).catch((error: unknown) => {
    log.warn({ error }, "an answer of a passkey was refused");
    throw unproved();
  });
  if (!info.verified) throw unproved();
  if (!(await advanceCounter(passkey.id, info.authenticationInfo.newCounter))) {
    await recordCopy(passkey, address);
    throw refused(
      "There may be a copy of this passkey: its counter went back. It was refused. Sign in with your password, then remove it in your profile.",
    );
  }
  return passkey.person;
}

/** Where addresses are unknown, all strangers share one, and no wait is long. */
function throttleFor(address: string | undefined): Throttle {
  return address === undefined
    ? { subject: "passkey:direct", free: 30, maxWaitMs: 15 * SECOND_MS }
    : { subject: `passkey:${networkOf(address)}`, free: 30, maxWaitMs: 5 * MINUTE_MS };
}

function unproved(): AppError {
  return refused("The passkey could not be checked. Try again, or sign in with your password.");
}

function refused(message: string): AppError {
  return new AppError("unauthenticated", message);
}
