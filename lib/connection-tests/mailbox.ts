import "server-only";
import type { Actor } from "@/lib/actor";
import { openPassword } from "@/lib/email-accounts/store";
import type { MailCredential } from "@/lib/mail/credential";
import type { Cloud } from "@/lib/oauth/clouds";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { getAccessToken } from "@/lib/tokens/access-token";
import type { TestedAccount } from "./store";

/** What an account signs in with. @throws AppError as `getAccessToken` and `openPassword` do */
export async function openCredential(
  actor: Actor,
  account: TestedAccount,
  purpose: "hand_out" | "test",
): Promise<MailCredential> {
  if (!account.modernAuthentication)
    return { kind: "password", user: account.username, password: await openPassword(account.id) };
  const { username, accessToken } = await getAccessToken(actor, account.id, purpose);
  return { kind: "xoauth2", user: username, accessToken };
}

/** The cloud that an account's provider is in; the first one for accounts without a provider. */
export function cloudOf({ cloud: id }: TestedAccount): Cloud {
  const clouds = configuredClouds();
  const found = clouds.find((cloud) => cloud.id === id) ?? clouds[0];
  if (!found) throw new Error("No cloud is configured.");
  return found;
}
