import { renderSVG } from "uqr";
import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db, serializable } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { decisionAboutPeople } from "@/lib/people/decision";
import { endSessionsOf } from "../administrators/mutations";
import { requireStanding } from "../standing/store";
import { endWaysIn, tellPerson } from "../store";
import { requireOwnProof } from "./proof";
import { removeFactorsOfSchema, secondFactorRolesSchema } from "./schema";
import {
  deleteFactors,
  newRecoveryCodes,
  openSecret,
  proveWithNewFactor,
  replaceRecoveryCodes,
  saveSecret,
} from "./store";
import { authenticatorAddress, findStep, isOfWrongClock, newSecret } from "./totp";

/** It counts once the app has shown a right code. @throws AppError conflict; proof_required */
export async function beginAuthenticator(actor: Actor) {
  await requireOwnProof(actor);
  const secret = newSecret();
  const { email } = await db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    await requireNone(tx, actor.id);
    await saveSecret(tx, actor.id, secret);
    return tx.administrator.findUniqueOrThrow({ where: { id: actor.id }, select: { email: true } });
  });
  const address = authenticatorAddress(secret, email);
  return { secret, address, qrCode: renderSVG(address, { border: 2 }) };
}
export type NewAuthenticator = Awaited<ReturnType<typeof beginAuthenticator>>;

/** All other sessions end. The codes are shown only this time. @throws AppError unprocessable; conflict */
export async function confirmAuthenticator(actor: Actor, { code }: { code: string }) {
  await requireOwnProof(actor);
  const { step: lastStep, secretSealed } = await requireRightCode(
    actor.id,
    code.replaceAll(/\s/g, ""),
  );
  const codes = newRecoveryCodes();
  await db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    const { count } = await tx.authenticator.updateMany({
      // The one that the code is of: the set-up may have begun again in another window since.
      where: { administratorId: actor.id, confirmedAt: null, secretSealed },
      data: { confirmedAt: await databaseNow(0, tx), lastStep },
    });
    if (count === 0) throw await whyNot(tx, actor.id);
    await replaceRecoveryCodes(tx, actor.id, codes);
    await proveWithNewFactor(tx, actor);
    await tellPerson(tx, { action: "authenticator.add", ...own(actor) });
  });
  return codes;
}

async function whyNot(tx: Transaction, administratorId: string): Promise<AppError> {
  const where = { administratorId, confirmedAt: { not: null } };
  return (await tx.authenticator.count({ where })) > 0 ? isSetUp() : startedAgain();
}

function startedAgain(): AppError {
  return new AppError("conflict", "This set-up was started again elsewhere. Start again.");
}

async function requireRightCode(administratorId: string, code: string) {
  const waiting = await openSecret(administratorId, { isConfirmed: false });
  if (waiting === null) throw startedAgain();
  const { secret, secretSealed } = waiting;
  const now = await databaseNow();
  const step = findStep(secret, code, now);
  if (step !== null) return { step, secretSealed };
  // Nothing depends on this secret yet, so that the reason may be told.
  if (isOfWrongClock(secret, code, now))
    throw fieldError(
      "code",
      "This code is of another time: the clock of your phone or of Postkey's server is wrong. Set both to automatic time, then enter the newest code.",
    );
  throw fieldError("code", "This code is wrong. Enter the one that the app shows for Postkey now.");
}

/** All other sessions end. @throws AppError conflict while one's role needs it; not_found; proof_required */
export async function removeAuthenticator(actor: Actor): Promise<void> {
  await requireOwnProof(actor);
  await serializable(async (tx) => {
    await requireStanding(tx, actor);
    const { count } = await tx.authenticator.deleteMany({
      where: { administratorId: actor.id, confirmedAt: { not: null } },
    });
    if (count === 0) throw new AppError("not_found", "You have no authenticator app here.");
    await tx.recoveryCode.deleteMany({ where: { administratorId: actor.id } });
    await requireFactorLeft(tx, actor.id);
    await endWaysIn(tx, actor.id, { butFor: actor.sessionId });
    await tellPerson(tx, { action: "authenticator.remove", ...own(actor) });
  });
}

/** The codes before are void; the new ones are shown only this time. */
export async function renewRecoveryCodes(actor: Actor): Promise<string[]> {
  await requireOwnProof(actor);
  const codes = newRecoveryCodes();
  await db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    const where = { administratorId: actor.id, confirmedAt: { not: null } };
    if ((await tx.authenticator.count({ where })) === 0)
      throw new AppError("conflict", "Set up an authenticator app first.");
    await replaceRecoveryCodes(tx, actor.id, codes);
    await tellPerson(tx, { action: "recovery_code.renew", ...own(actor) });
  });
  return codes;
}

/** Not for oneself. The sessions end first: who holds one would add factors for as long as it lasts. */
export const removeFactorsOf = command({
  input: removeFactorsOfSchema,
  permission: "administrators:write",
  proof: true,
  async act(actor, { administratorId }): Promise<void> {
    if (administratorId === actor.id)
      throw new AppError("conflict", "Remove your own second factors in your profile.");
    // Apart, with its own event: what follows may find the people held, and end with that.
    await endSessionsOf(actor, { administratorId });
    await takeFactors(actor, { administratorId });
  },
});

const takeFactors = decisionAboutPeople({
  input: removeFactorsOfSchema,
  async run({ tx, actor }, { administratorId }): Promise<void> {
    const person = await tx.administrator.findUnique({
      where: { id: administratorId },
      select: { id: true, name: true },
    });
    if (!person) throw new AppError("not_found", "This administrator no longer exists.");
    await endWaysIn(tx, administratorId);
    await deleteFactors(tx, administratorId);
    await tellPerson(tx, { action: "administrator.remove_factors", ...person, by: actor });
  },
});

/** The roles whose people need a second factor; asked at their next page, and before anything else. */
export const setSecondFactorRoles = decisionAboutPeople({
  input: secondFactorRolesSchema,
  async run({ tx, actor }, { roles }): Promise<void> {
    const secondFactorRoles = [...new Set(roles)].sort();
    await tx.installation.updateMany({ where: { id: 1 }, data: { secondFactorRoles } });
    const told = { id: "", name: "", by: actor, detail: { roles: secondFactorRoles } };
    await tellPerson(tx, { action: "administrator.require_factor", ...told });
  },
});

/** @throws AppError conflict when a person whose role needs a second factor is left without one */
export async function requireFactorLeft(tx: Transaction, administratorId: string): Promise<void> {
  const { role } = await tx.administrator.findUniqueOrThrow({
    where: { id: administratorId },
    select: { role: true },
  });
  const isRequired = await tx.installation.count({
    where: { id: 1, secondFactorRoles: { has: role } },
  });
  if (isRequired === 0) return;
  const where = { administratorId };
  const authenticators = await tx.authenticator.count({
    where: { ...where, confirmedAt: { not: null } },
  });
  if (authenticators + (await tx.passkey.count({ where })) === 0)
    throw new AppError(
      "conflict",
      "Your role needs a second factor. Add another one before you remove this one.",
    );
}

const own = (actor: Actor) => ({ id: actor.id, name: actor.name, by: actor });

async function requireNone(tx: Transaction, administratorId: string): Promise<void> {
  const where = { administratorId, confirmedAt: { not: null } };
  if ((await tx.authenticator.count({ where })) > 0) throw isSetUp();
}

function isSetUp(): AppError {
  return new AppError(
    "conflict",
    "You have an authenticator app. Remove it to set up another one.",
  );
}
