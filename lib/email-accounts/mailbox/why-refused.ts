import type { Protocol } from "@/lib/egress/schema";
import { cloudOf } from "@/lib/email-accounts/hosts";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { wallTime } from "@/lib/kernel/clock";
import type { MailCredential } from "@/lib/mail/credential";
import type { MailRemedyId } from "@/lib/mail/mail-failures";
import type { MailFailure } from "@/lib/mail/schema";
import { mailService } from "@/lib/mail/services/schema";
import { explainRefusal } from "@/lib/mail/token-refusal";
import { serviceOf } from "@/lib/oauth/services";
import { findRemedy } from "@/lib/remedies/catalogue";
import { identitiesOf } from "@/lib/sign-ins/identities";

type Refused = {
  account: MailboxAccount;
  protocol: Protocol;
  /** What the server's words mean by themselves. */
  remedyId: string;
  /** What it was tried with, where it is what may have been refused. */
  credential: MailCredential | undefined;
};

type Reason = { remedyId: string; lies: "in_token" | "in_rights" };

/**
 * Why a server refused an account, as an entry of the error catalogue. The server rarely says; the token
 * itself often does: it is read here, and never shown. Otherwise an application, or a person at
 * a mailbox that is not their own, lacks the right to it. Undefined where the server's own words are all that is known.
 */
export function whyRefused(refused: Refused): Reason | undefined {
  const byToken = tokenRemedy(refused);
  if (byToken !== undefined) return { remedyId: byToken, lies: "in_token" };
  const byRight = rightRemedy(refused);
  return byRight && { remedyId: byRight, lies: "in_rights" };
}

/** A failure that means another entry of the catalogue than the server's words do. */
export function withReason(failure: MailFailure, remedyId: string): MailFailure {
  return { ...failure, remedyId, retryable: findRemedy(remedyId).retry === "yes" };
}

/** Whether a server refused a token or its mailbox, of which it rarely says the cause. */
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

/** Those of personal accounts are opaque everywhere. */
function hasReadableTokens({ service, tenantId }: MailboxAccount): boolean {
  const isOfPersons = tenantId === null || tenantId === "common" || tenantId === "consumers";
  return mailService(service).hasReadableTokens && !isOfPersons;
}

type Right = { remedyId: MailRemedyId; instead: readonly string[] };

/** What a refusal means when a delegate was refused. */
const RIGHTS: Readonly<Record<Protocol, Right>> = {
  imap: {
    remedyId: "imap.no_full_access",
    instead: [
      "imap.authenticate_failed",
      "imap.not_authorised",
      "imap.not_connected",
      "imap.mailbox_refused",
    ],
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
