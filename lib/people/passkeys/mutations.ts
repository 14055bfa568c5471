import { randomUUID } from "node:crypto";
import { generateRegistrationOptions, verifyRegistrationResponse } from "@simplewebauthn/server";
import type { Actor } from "@/lib/kernel/actor";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db, serializable } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import type { Transaction } from "@/lib/kernel/transaction";
import { withAudit } from "../administrators/sessions";
import { requireFactorLeft } from "../factors/mutations";
import { requireOwnProof } from "../factors/proof";
import { proveWithNewFactor } from "../factors/store";
import { requireStanding } from "../standing/store";
import { endWaysIn, tellPerson } from "../store";
import { passkeyHost } from "./queries";
import { type AddPasskey, readResponse, registrationResponseSchema } from "./schema";
import { createChallenge, ensureUserHandle, type KnownPasskey, takeChallenge } from "./store";

/** More than the devices of one person. */
const MAX_PASSKEYS = 20;

/** @throws AppError conflict where there can be none; proof_required */
export async function beginAddingPasskey(actor: Actor) {
  await requireOwnProof(actor);
  const { rpId, problem } = passkeyHost();
  if (rpId === null) throw new AppError("conflict", problem);
  const { userHandle, email, passkeys } = await db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    await requireOtherWayIn(tx, actor);
    const person = await tx.administrator.findUniqueOrThrow({
      where: { id: actor.id },
      select: { email: true, passkeys: { select: { credentialId: true, transports: true } } },
    });
    return { ...person, userHandle: await ensureUserHandle(tx, actor.id) };
  });
  if (passkeys.length >= MAX_PASSKEYS)
    throw new AppError("conflict", `You have ${MAX_PASSKEYS} passkeys. Remove one first.`);
  const options = await generateRegistrationOptions({
    rpName: "Postkey",
    rpID: rpId,
    userID: Buffer.from(userHandle, "base64url"),
    userName: email,
    userDisplayName: actor.name,
    attestationType: "none",
    excludeCredentials: passkeys.map(({ credentialId, ...rest }) => ({
      id: credentialId,
      ...rest,
    })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    timeout: 5 * MINUTE_MS,
  });
  const { challenge } = options;
  return { options, token: await createChallenge({ challenge, administratorId: actor.id }) };
}

/** All other sessions end. @throws AppError conflict when it took too long or is no passkey for here */
export async function addPasskey(
  actor: Actor,
  { name, response }: AddPasskey,
  token: string | undefined,
): Promise<void> {
  await requireOwnProof(actor);
  const made = await verifyMade(actor, response, token);
  await db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    await requireOtherWayIn(tx, actor);
    await tx.passkey.create({
      data: { id: randomUUID(), administratorId: actor.id, name, ...made },
      select: { id: true },
    });
    await proveWithNewFactor(tx, actor);
    const told = { id: actor.id, name: actor.name, by: actor, detail: { passkey: name } };
    await tellPerson(tx, { action: "passkey.add", ...told });
  });
}

async function verifyMade(actor: Actor, json: string, token: string | undefined) {
  const { rpId, origin } = passkeyHost();
  const challenge = token === undefined ? null : await takeChallenge(token);
  if (!challenge || challenge.administratorId !== actor.id || rpId === null)
    throw new AppError("conflict", "This took too long. Try again.");
  const response = readResponse(registrationResponseSchema, json);
  const found = response
    ? await verifyRegistrationResponse({
        response,
        expectedChallenge: challenge.challenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: true,
      }).catch((error: unknown) => void log.warn({ error }, "a new passkey was refused"))
    : null;
  if (!response || !found?.verified)
    throw new AppError(
      "conflict",
      "The browser created no passkey that can be used here. Try again.",
    );
  const { credential, credentialDeviceType, credentialBackedUp, aaguid } = found.registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: response.response.transports,
    deviceType: credentialDeviceType,
    isBackedUp: credentialBackedUp,
    aaguid,
    rpId,
  };
}

/** All other sessions end. @throws AppError conflict while one's role needs it; not_found; proof_required */
export async function removePasskey(actor: Actor, { id }: { id: string }): Promise<void> {
  await requireOwnProof(actor);
  await serializable(async (tx) => {
    await requireStanding(tx, actor);
    const where = { id, administratorId: actor.id };
    const passkey = await tx.passkey.findFirst({ where, select: { name: true } });
    if (!passkey) throw new AppError("not_found", "This passkey was already removed.");
    await tx.passkey.deleteMany({ where });
    await requireOtherWayIn(tx, actor);
    await requireFactorLeft(tx, actor.id);
    await endWaysIn(tx, actor.id, { butFor: actor.sessionId });
    const told = { id: actor.id, name: actor.name, by: actor, detail: { passkey: passkey.name } };
    await tellPerson(tx, { action: "passkey.remove", ...told });
  });
}

/** It is gone with its device, and with another POSTKEY_URL. @throws AppError conflict */
async function requireOtherWayIn(tx: Transaction, { id, sessionId = id }: Actor): Promise<void> {
  const hasWayIn = await tx.administrator.count({
    where: {
      id,
      OR: [
        { passwordHash: { not: null } },
        { sessions: { some: { id: sessionId, method: "company" } } },
      ],
    },
  });
  if (hasWayIn === 0)
    throw new AppError("conflict", "Set a password first: a passkey must not be the only way in.");
}

export async function recordCopy(
  { id, name, person }: Pick<KnownPasskey, "id" | "name" | "person">,
  address: string | undefined,
): Promise<void> {
  log.error({ passkeyId: id }, "the counter of a passkey went back: there may be a copy of it");
  await withAudit(async (tx, isAudited) => {
    const copiedAt = await databaseNow(0, tx);
    await tx.passkey.updateMany({ where: { id }, data: { copiedAt } });
    const told = { id: person.id, name: person.name, address, detail: { passkey: name } };
    if (isAudited) await tellPerson(tx, { action: "passkey.refuse_copy", ...told });
  });
}
