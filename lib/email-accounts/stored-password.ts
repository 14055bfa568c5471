import { isSameDestination, passwordDestination } from "@/lib/installation/keys/destinations";
import { fieldError } from "@/lib/kernel/errors";
import { hasOwnHosts } from "@/lib/mail/services/schema";
import type { CreateEmailAccount } from "./schema";
import { sealPassword } from "./store";

/** @returns null: erase; undefined: keep */
export function passwordColumn(id: string, input: CreateEmailAccount): string | null | undefined {
  if (input.modernAuthentication) return null;
  if (input.password === "") return undefined;
  return sealPassword({ id, ...sentTo(input, input.username) }, input.password);
}

type Before = {
  service: string;
  hosts: unknown;
  username: string;
  modernAuthentication: boolean;
  formerUsername: string | null;
  passwordSealed: string | null;
};

/** @throws AppError unprocessable: none, or for another destination */
export function requirePasswordFor(input: CreateEmailAccount, before: Before): void {
  if (!before.passwordSealed) throw fieldError("password", "Enter the password.");
  if (isFor(input, before)) return;
  throw fieldError(
    "password",
    "Another server, service or user name needs its own password: enter it again.",
  );
}

export function isFor(input: CreateEmailAccount, before: Before): boolean {
  const user = before.modernAuthentication ? (before.formerUsername ?? "") : before.username;
  // During OAuth the password waits under its own name.
  const next = input.modernAuthentication ? user : input.username;
  return isSameDestination(
    passwordDestination(sentTo(before, user)),
    passwordDestination(sentTo(input, next)),
  );
}

/** Password accounts have no provider. */
function sentTo({ service, hosts }: { service: string; hosts: unknown }, username: string) {
  const own = hasOwnHosts(service) ? hosts : null;
  return { service, hosts: own, username, cloud: null, providerHosts: null };
}
