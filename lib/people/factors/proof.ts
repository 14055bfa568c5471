import "server-only";
import { type Actor, requireRecentProof } from "@/lib/kernel/actor";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { requirePerson } from "@/lib/kernel/oneself";
import { withAudit } from "../administrators/sessions";
import { isPasswordOf } from "../administrators/sign-in";
import { proveCode } from "./prove-code";
import { findProofMethods } from "./queries";
import type { ProveOneself } from "./schema";
import { findEmail, markProven } from "./store";

/**
 * Proves again who sits before a session that is open, with the password and, where there is an authenticator
 * app, one of its codes. Counted as a sign-in is. People who sign in at their company have no password here: their
 * proof is a fresh sign-in there, which ends in `markProven` as well.
 *
 * @param browser the cookie of the browser, for what failures are counted
 * @throws AppError unprocessable on `password` or `code`; too_many_requests with the time to wait
 */
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

/**
 * For what is asked before a file is downloaded by its address.
 * @throws AppError proof_required
 * @permission none: it only asks for proof.
 */
export function requireProof(actor: Actor): void {
  requireRecentProof(actor);
}
