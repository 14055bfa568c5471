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
 * Counted as a sign-in is. @param browser the cookie of the browser @throws AppError unprocessable on `password` or
 * `code`; too_many_requests
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

/** Before a file is downloaded by its address. @permission none: it only asks for proof. */
export function requireProof(actor: Actor): void {
  requireRecentProof(actor);
}
