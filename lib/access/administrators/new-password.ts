import "server-only";
import { fieldError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import { inTurn } from "./hash-turns";
import { hashPassword, verifyPassword } from "./password-hash";

/**
 * NIST SP 800-63B-4 §3.1.1.2: nothing that is known of the person.
 * @throws AppError unprocessable on `password`
 */
export function requireNoAddress(password: string, email: string): void {
  if (password.toLowerCase().includes(emailKey(email)))
    throw fieldError("password", "Choose a password that does not contain your email address.");
}

/**
 * The hash of a password that replaces another one.
 * @throws AppError unprocessable on `password` where it is the same: who knows the old one would still be in
 */
export async function hashNewPassword(password: string, stored: string | null): Promise<string> {
  const mine = { name: "new password", isKnown: true };
  if (stored !== null && (await inTurn(mine, () => verifyPassword(password, stored))))
    throw fieldError("password", "Choose a password that differs from the one before.");
  return hashPassword(password);
}
