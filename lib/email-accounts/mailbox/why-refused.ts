import type { Protocol } from "@/lib/egress/protocols/schema";
import { cloudOf } from "@/lib/email-accounts/hosts";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { wallTime } from "@/lib/kernel/clock";
import { words } from "@/lib/kernel/words";
import type { MailCredential } from "@/lib/mail/credential";
import type { MailRemedyId } from "@/lib/mail/probe-failure";
import type { MailFailure } from "@/lib/mail/schema";
import { mailService } from "@/lib/mail/services/schema";
import { explainRefusal } from "@/lib/mail/token-refusal";
import { serviceOf } from "@/lib/oauth/services";
import { findRemedy } from "@/lib/remedies/catalogue";
import { identitiesOf } from "@/lib/sign-ins/identities";

type Refused = {
  account: MailboxAccount;
  protocol: Protocol;
  /** By the server's words alone. */
  remedyId: string;
  /** Undefined: nothing was refused. */
  credential: MailCredential | undefined;
};

type Reason = { remedyId: string; lies: "in_token" | "in_rights" };

/** Servers rarely say; the token often does, or a right is missing. Undefined: nothing better is known. */
export function whyRefused(refused: Refused): Reason | undefined {
  const byToken = tokenRemedy(refused);
  if (byToken !== undefined) return { remedyId: byToken, lies: "in_token" };
  const byRight = rightRemedy(refused);
  return byRight && { remedyId: byRight, lies: "in_rights" };
}

export function withReason(failure: MailFailure, remedyId: string): MailFailure {
  return { ...failure, remedyId, retryable: findRemedy(remedyId).retry === "yes" };
}

export function isOfAccess(remedyId: string): boolean {
  const { credential, reason } = findRemedy(remedyId);
  return credential === "xoauth2" || reason === "not_connected";
}

function tokenRemedy({ account, protocol, remedyId, credential }: Refused) {
  if (credential?.kind !== "xoauth2") return undefined;
  const { login, mailbox } = identitiesOf(account);
  const cloud = cloudOf(account);
  const tokens = serviceOf(cloud).mailTokens;
  return explainRefusal({
    claims: tokens?.read(credential.accessToken),
    tokens,
    tokenLength: credential.accessToken.length,
    protocol,
    remedyId,
    scopeHost: cloud.scopeHost,
    user: login,
    mailbox,
    isAppOnly: account.isAppOnly,
    clientId: account.clientId,
    isReadable: hasReadableTokens(account),
    now: wallTime(),
  });
}

/** Personal accounts' tokens are opaque. */
function hasReadableTokens({ service, tenantId }: MailboxAccount): boolean {
  const isOfPersons = tenantId === null || tenantId === "common" || tenantId === "consumers";
  return mailService(service).hasReadableTokens && !isOfPersons;
}

/** For a refused delegate. */
const RIGHTS: Readonly<Record<Protocol, { remedyId: MailRemedyId; instead: readonly string[] }>> = {
  imap: {
    remedyId: "imap.no_full_access",
    instead: words(
      "imap.authenticate_failed imap.not_authorised imap.not_connected imap.mailbox_refused",
    ),
  },
  pop3: {
    remedyId: "pop3.no_full_access",
    instead: ["pop3.authentication_failure", "pop3.not_connected", "pop3.mailbox_refused"],
  },
  smtp: { remedyId: "smtp.send_as_denied", instead: ["smtp.sender_refused"] },
};

function rightRemedy({ account, protocol, remedyId }: Refused): MailRemedyId | undefined {
  if (account.isAppOnly) return isOfAccess(remedyId) ? "mail.app_not_granted" : undefined;
  const right = RIGHTS[protocol];
  const isMissing = identitiesOf(account).isDelegate && right.instead.includes(remedyId);
  return isMissing ? right.remedyId : undefined;
}
