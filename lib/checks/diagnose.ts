import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { wallTime } from "@/lib/kernel/clock";
import type { MailCredential } from "@/lib/mail/credential";
import type { MailRemedyId } from "@/lib/mail/mail-failures";
import { mailHouse } from "@/lib/mail/schema";
import { readTokenClaims } from "@/lib/mail/token-claims";
import { explainRefusal } from "@/lib/mail/token-refusal";
import type { Cloud } from "@/lib/oauth/clouds";
import { findRemedy } from "@/lib/remedies/catalogue";
import { identitiesOf } from "@/lib/sign-ins/identities";
import type { Protocol, ProtocolReport, StageReport } from "./schema";
import { openedElsewhere, switchedOff } from "./switched-off";

type Context = {
  account: MailboxAccount;
  cloud: Cloud;
  /** What it was tried with; only asked for where a credential was used. */
  credential: () => Promise<MailCredential>;
  /** What came of another protocol of the same test, when that is known. */
  reportOf: (protocol: Protocol) => Promise<ProtocolReport>;
};

/**
 * A server's refusal rarely gives the reason. The token itself often does: it is read here, and never shown.
 * Then the other way to read the mailbox tells: if it opens over one protocol, the other is switched off.
 * A person who opens a mailbox that is not their own lacks the right to it.
 */
export async function diagnose(report: ProtocolReport, context: Context): Promise<ProtocolReport> {
  const failed = report.stages.find((stage) => stage.status === "failed");
  if (!failed || !report.failure) return report;
  const isOfCredential = failed.stage === "authenticate" || failed.stage === "mailbox";
  const byToken = isOfCredential ? await tokenRemedy(report, context) : undefined;
  const remedyId = byToken ?? (await accessRemedy(report, context));
  return remedyId === undefined ? report : withRemedy(report, failed, remedyId);
}

/** What keeps a good token from the mailbox: a switch, or a right to it. */
async function accessRemedy(report: ProtocolReport, { account, reportOf }: Context) {
  const right = rightRemedy(report, account);
  if (!mailHouse(account.service).hasProtocolSwitches) return right;
  const off = switchedOff(report);
  if (off === undefined && right === undefined) return undefined;
  return (await openedElsewhere(report, reportOf)) ? off : right;
}

async function tokenRemedy({ protocol, failure }: ProtocolReport, context: Context) {
  const { account, cloud } = context;
  const credential = await context.credential();
  if (credential.kind !== "xoauth2" || !failure) return undefined;
  const { login, mailbox } = identitiesOf(account);
  return explainRefusal({
    claims: readTokenClaims(credential.accessToken),
    tokenLength: credential.accessToken.length,
    protocol,
    remedyId: failure.remedyId,
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
  return mailHouse(service).hasReadableTokens && !isOfPersons;
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

function rightRemedy({ protocol, failure }: ProtocolReport, account: MailboxAccount) {
  const { remedyId, instead } = RIGHTS[protocol];
  const isMissing = identitiesOf(account).isDelegate && instead.includes(failure?.remedyId ?? "");
  return isMissing ? remedyId : undefined;
}

function withRemedy(report: ProtocolReport, failed: StageReport, remedyId: string): ProtocolReport {
  const failure = { ...report.failure, remedyId, retryable: findRemedy(remedyId).retry === "yes" };
  const stages = report.stages.map((stage) => (stage === failed ? { ...stage, failure } : stage));
  return { ...report, failure, stages };
}
