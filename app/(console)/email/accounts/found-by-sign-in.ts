import type { EmailAccountRow } from "@/lib/email-accounts/schema";
import { nameKey } from "@/lib/kernel/text/normalize";

type Found = Pick<
  EmailAccountRow,
  "name" | "key" | "emailAddress" | "cloudProviderName" | "username"
>;

/** The name that an account signs in with, where it is why a search found it and no column says so. */
export function foundBySignIn(account: Found, search: string): string | null {
  const { name, key, emailAddress, cloudProviderName, username } = account;
  const sought = nameKey(search);
  const has = (text: string | null) => text !== null && nameKey(text).includes(sought);
  if (sought === "" || !has(username)) return null;
  return [name, key, emailAddress, cloudProviderName].some(has) ? null : username;
}
