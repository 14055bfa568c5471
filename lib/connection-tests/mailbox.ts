import "server-only";
import type { Actor } from "@/lib/actor";
import { identitiesOf } from "@/lib/email-accounts/identities";
import { openPassword } from "@/lib/email-accounts/store";
import type { MailCredential } from "@/lib/mail/credential";
import { withHosts } from "@/lib/oauth/cloud-hosts";
import type { Cloud } from "@/lib/oauth/clouds";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { getAccessToken } from "@/lib/tokens/access-token";
import type { Protocol } from "./schema";
import type { TestedAccount } from "./store";

/**
 * What an account signs in with: one secret, under the name that each protocol takes.
 * @throws AppError as `getAccessToken` and `openPassword` do
 */
export async function openCredentials(
  actor: Actor,
  account: TestedAccount,
  purpose: "hand_out" | "test",
): Promise<Record<Protocol, MailCredential>> {
  const { imap, smtp, pop3, otherSmtp } = identitiesOf(account);
  if (!account.modernAuthentication) {
    const password = await openPassword(account.id);
    const as = (user: string) => ({ kind: "password", user, password }) as const;
    return { imap: as(imap), smtp: as(smtp), pop3: as(pop3) };
  }
  const { accessToken } = await getAccessToken(actor, account.id, purpose);
  const as = (user: string) => ({ kind: "xoauth2", user, accessToken }) as const;
  const other = otherSmtp === undefined ? {} : { otherUser: otherSmtp };
  return { imap: as(imap), smtp: { ...as(smtp), ...other }, pop3: as(pop3) };
}

/** The cloud that an account's provider is in; the first one for accounts without a provider. */
export function cloudOf({ cloud: id, providerHosts }: TestedAccount): Cloud {
  const clouds = configuredClouds();
  const found = clouds.find((cloud) => cloud.id === id) ?? clouds[0];
  if (!found) throw new Error("No cloud is configured.");
  return withHosts(found, providerHosts);
}
