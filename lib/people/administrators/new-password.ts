import "server-only";
import { fieldError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import { hashPassword, inTurn, verifyPassword } from "./password-hash";

/** NIST SP 800-63B-4 §3.1.1.2: nothing that is known of the person. @throws AppError unprocessable */
export function requireNoAddress(password: string, email: string): void {
  if (password.toLowerCase().includes(emailKey(email)))
    throw fieldError("password", "Choose a password that does not contain your email address.");
}

/** Who knows an earlier one would be in again. @throws AppError unprocessable on `password` */
export async function hashNewPassword(
  password: string,
  stored: readonly string[],
): Promise<string> {
  for (const hash of stored)
    if (await inTurn("known", () => verifyPassword(password, hash)))
      throw fieldError("password", "Choose a password that differs from earlier ones.");
  return hashPassword(password);
}
