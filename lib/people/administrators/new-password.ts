import "server-only";
import { fieldError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import { hashPassword, inTurn, verifyPassword } from "./password-hash";

/**
 * NIST SP 800-63B-4 §3.1.1.2: nothing that is known of the person.
 * @throws AppError unprocessable on `password`
 */
export function requireNoAddress(password: string, email: string): void {
  if (password.toLowerCase().includes(emailKey(email)))
    throw fieldError("password", "Choose a password that does not contain your email address.");
}

/**
 * The hash of a password that replaces others.
 * @param stored the others
 * @throws AppError unprocessable on `password` where it is one of them: who knows that would be in again
 */
export async function hashNewPassword(
  password: string,
  stored: readonly string[],
): Promise<string> {
  for (const hash of stored)
    if (await inTurn("known", () => verifyPassword(password, hash)))
      throw fieldError("password", "Choose a password that differs from earlier ones.");
  return hashPassword(password);
}
