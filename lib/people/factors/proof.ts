import { type Actor, requireRecentProof } from "@/lib/kernel/actor";
import { databaseNow } from "@/lib/kernel/database-clock";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { requireOneselfSettingUp, requirePerson } from "@/lib/kernel/oneself";
import type { Transaction } from "@/lib/kernel/transaction";
import { beginSession, type From, recordRefusal, withAudit } from "../administrators/sessions";
import { isPasswordOf } from "../administrators/sign-in";
import type { AdministratorIdentity } from "../administrators/store";
import { clearThrottles, countAttempt, LONGEST_WAIT_MS, type Throttle } from "../throttles/store";
import { findProofMethods } from "./queries";
import { type ProveOneself, secondFactorSchema } from "./schema";
import {
  endPending,
  findEmail,
  markProven,
  openSecret,
  recordRecoveryCode,
  spendRecoveryCode,
  takeStep,
  takeTry,
} from "./store";
import { findStep } from "./totp";

/** Counted as a sign-in is. @throws AppError unprocessable on `password` or `code`; too_many_requests */
export async function proveOneself(
  actor: Actor,
  { password, code }: ProveOneself,
  browser?: string,
): Promise<void> {
  const sessionId = requirePerson(actor);
  const { hasPassword, hasAuthenticator, hasPasskey } = await findProofMethods(actor);
  if (!hasPassword)
    throw new AppError(
      "conflict",
      hasPasskey
        ? "Your password is not enough here. Confirm with your passkey."
        : "You have no password here. Confirm at your company instead.",
    );
  if (hasAuthenticator && code === "") throw fieldError("code", "Enter the code.");
  const email = await findEmail(actor.id);
  const from = { address: actor.address, browser };
  if (!(await isPasswordOf({ email, password }, from)))
    throw fieldError("password", "This is not your password.");
  if (hasAuthenticator)
    await proveCode(actor, code, { address: actor.address, onShown: withAudit });
  await markProven(sessionId, { twoFactors: hasAuthenticator });
}

/** Before a file is downloaded by its address. @permission none: it only asks for proof. */
export function requireProof(actor: Actor): void {
  requireRecentProof(actor);
}

export type ShownCode = "totp" | "recovery_code";

type Person = Pick<AdministratorIdentity, "id" | "name">;

/** Uses a code up, in the transaction of what it proves. @throws AppError unprocessable on `code` */
type Spend = (tx: Transaction, isAudited: boolean) => Promise<void>;

type Proof<T> = {
  address?: string | undefined;
  /** What the code is for: it spends it, and is not begun for a wrong code of the app. */
  onShown: (spend: Spend, shown: ShownCode) => Promise<T>;
};

/**
 * A code is spent with what it gives: one whose sign-in comes to nothing is kept. Failures are counted apart from
 * those of the password, at most twenty an hour for all clients together. @throws AppError unprocessable on `code`;
 * too_many_requests; locked
 */
export async function proveCode<T>(person: Person, typed: string, { address, onShown }: Proof<T>) {
  const throttle: Throttle = {
    subject: `second:${person.id}`,
    free: 5,
    maxWaitMs: LONGEST_WAIT_MS,
  };
  await countAttempt([throttle]);
  const digits = typed.replaceAll(/\s/g, "");
  const given = /^\d{6}$/.test(digits)
    ? await onShown(await codeOfApp(person.id, digits), "totp")
    : await onShown(recoveryCode(person, typed, address), "recovery_code");
  await clearThrottles([throttle.subject]);
  return given;
}

async function codeOfApp(administratorId: string, code: string): Promise<Spend> {
  const app = await openSecret(administratorId, { isConfirmed: true });
  const step = app && findStep(app.secret, code, await databaseNow());
  if (step === null)
    throw wrongCode(
      "This code is wrong or too old. Enter the newest one. If it is refused too, check the clocks of your phone and of Postkey's server.",
    );
  return async (tx) => {
    if (!(await takeStep(tx, administratorId, step)))
      throw wrongCode("This code was already used. Wait for the next one.");
  };
}

function recoveryCode(person: Person, typed: string, address: string | undefined): Spend {
  return async (tx, isAudited) => {
    if (!(await spendRecoveryCode(tx, person.id, typed)))
      throw wrongCode(
        "This is neither a code of six digits nor one of your unused recovery codes.",
      );
    if (isAudited) await recordRecoveryCode(tx, person, address);
  };
}

function wrongCode(message: string): AppError {
  return new AppError("unprocessable", message, { fields: { code: [message] } });
}

/** @throws AppError unauthenticated when it is over or the code is wrong; too_many_requests; locked */
export async function finishSignIn(input: unknown, token: string | undefined, from: From) {
  const parsed = secondFactorSchema.safeParse(input);
  if (!parsed.success) throw new AppError("unauthenticated", "Enter the code.");
  const person = token === undefined ? null : await takeTry(token);
  if (!person || token === undefined) throw over();
  const { address } = from;
  const sessionId = await proveCode(person, parsed.data.code, {
    address,
    onShown: (spend, method) =>
      beginSession(person, from, {
        method,
        bind: async (tx, { isAudited }) => {
          if (!(await endPending(tx, token))) throw over();
          await spend(tx, isAudited);
        },
      }),
  }).catch(async (error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "unprocessable") throw error;
    await recordRefusal(person, from);
    throw new AppError("unauthenticated", error.message, { cause: error });
  });
  return { sessionId, email: person.email };
}

function over(): AppError {
  return new AppError(
    "unauthenticated",
    "This sign-in took too long, or too many codes were wrong. Start again with your password.",
  );
}

/** A session that lacks the factor its role needs shows it first: the password alone adds none beside it. */
export async function requireOwnProof(actor: Actor): Promise<void> {
  requireOneselfSettingUp(actor);
  requireRecentProof(actor);
  if (actor.restrictedBecause === undefined) return;
  const { hasAuthenticator, hasPasskey } = await findProofMethods(actor);
  if (hasAuthenticator || hasPasskey)
    throw new AppError("proof_required", "Confirm that it's you.");
}
