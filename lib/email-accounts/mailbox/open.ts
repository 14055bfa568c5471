import "server-only";
import type { Protocol } from "@/lib/egress/schema";
import { getAccessToken, getCandidateToken } from "@/lib/email-accounts/access-token";
import type { TokenPurpose } from "@/lib/email-accounts/access-token-in-row";
import { dropExpired } from "@/lib/email-accounts/drop-expired";
import { accountHosts } from "@/lib/email-accounts/hosts";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { openPassword } from "@/lib/email-accounts/store";
import type { Actor } from "@/lib/kernel/actor";
import type { MailCredential } from "@/lib/mail/credential";
import { identitiesOf } from "@/lib/sign-ins/identities";

/**
 * What an account signs in with: one secret, under the name that each protocol takes.
 * @throws AppError as `getAccessToken` and `openPassword` do
 */
export async function openCredentials(
  actor: Actor,
  account: MailboxAccount,
  purpose: TokenPurpose,
): Promise<Record<Protocol, MailCredential>> {
  const { imap, smtp, pop3, otherSmtp } = identitiesOf(account);
  if (!account.modernAuthentication) {
    const password = await openPassword(account);
    const secrets = [password];
    const as = (user: string) => ({ kind: "password", user, password, secrets }) as const;
    return { imap: as(imap), smtp: as(smtp), pop3: as(pop3) };
  }
  const { accessToken, isFresh } = account.candidate
    ? await getCandidateToken(actor, account.candidate, purpose === "test_fresh" ? purpose : "test")
    : await getAccessToken(actor, account.id, purpose);
  const secrets = [accessToken];
  const as = (user: string) => ({ kind: "xoauth2", user, accessToken, isFresh, secrets }) as const;
  const other = otherSmtp === undefined ? {} : { otherUser: otherSmtp };
  return { imap: as(imap), smtp: { ...as(smtp), ...other }, pop3: as(pop3) };
}

/** Has the next use of an account fetch a new token: this one has run out, its server says. */
export async function dropCredentials(
  actor: Actor,
  { id: emailAccountId, candidate }: MailboxAccount,
  { imap: credential }: Record<Protocol, MailCredential>,
): Promise<void> {
  if (credential.kind !== "xoauth2") return;
  const { accessToken } = credential;
  await dropExpired(actor, { emailAccountId, candidate, accessToken });
}

/** Where an account hands in mail, with what it signs in there, and whom its mail is from. */
export async function openSubmission(actor: Actor, account: MailboxAccount) {
  const { smtp: credential } = await openCredentials(actor, account, "send");
  return { endpoint: accountHosts(account).smtp, credential, from: account.emailAddress };
}

/** Where an account is read, with what it signs in there. */
export async function openReading(actor: Actor, account: MailboxAccount, purpose: "read" | "test") {
  const { imap: credential } = await openCredentials(actor, account, purpose);
  return { endpoint: accountHosts(account).imap, credential };
}
