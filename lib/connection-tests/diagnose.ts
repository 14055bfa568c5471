import { identitiesOf } from "@/lib/email-accounts/identities";
import type { MailCredential } from "@/lib/mail/credential";
import type { MailRemedyId } from "@/lib/mail/mail-failures";
import { explainRefusal, readTokenClaims } from "@/lib/mail/token-claims";
import type { Cloud } from "@/lib/oauth/clouds";
import type { Protocol, ProtocolReport, StageReport } from "./schema";
import type { TestedAccount } from "./store";

type Context = {
  account: TestedAccount;
  cloud: Cloud;
  /** What it was tried with; only asked for where a credential was used. */
  credential: () => Promise<MailCredential>;
};

/**
 * A server's refusal never says why. The token itself often does: it is read here, and never shown. Of
 * somebody who opens a mailbox that is not their own, the right to it is what is missing.
 */
export async function diagnose(report: ProtocolReport, context: Context): Promise<ProtocolReport> {
  const failed = report.stages.find((stage) => stage.status === "failed");
  if (!failed || !report.failure) return report;
  const byToken = failed.stage === "authenticate" ? await tokenRemedy(report, context) : undefined;
  const remedyId = byToken ?? rightRemedy(report, context.account);
  return remedyId === undefined ? report : withRemedy(report, failed, remedyId);
}

async function tokenRemedy(report: ProtocolReport, context: Context) {
  const credential = await context.credential();
  const claims =
    credential.kind === "xoauth2" ? readTokenClaims(credential.accessToken) : undefined;
  if (!claims) return undefined;
  const { login, mailbox } = identitiesOf(context.account);
  const { scopeHost } = context.cloud;
  const { protocol } = report;
  return explainRefusal({ claims, protocol, scopeHost, user: login, mailbox, now: new Date() });
}

type Right = { remedyId: MailRemedyId; instead: readonly string[] };

/** What a refusal means when a delegate was refused. */
const RIGHTS: Readonly<Record<Protocol, Right>> = {
  imap: {
    remedyId: "imap.no_full_access",
    instead: ["imap.authenticate_failed", "imap.not_connected", "imap.mailbox_refused"],
  },
  pop3: {
    remedyId: "pop3.no_full_access",
    instead: ["pop3.authentication_failure", "pop3.mailbox_refused"],
  },
  smtp: { remedyId: "smtp.send_as_denied", instead: ["smtp.sender_refused"] },
};

function rightRemedy({ protocol, failure }: ProtocolReport, account: TestedAccount) {
  const { remedyId, instead } = RIGHTS[protocol];
  const isMissing = identitiesOf(account).isDelegate && instead.includes(failure?.remedyId ?? "");
  return isMissing ? remedyId : undefined;
}

function withRemedy(report: ProtocolReport, failed: StageReport, remedyId: string): ProtocolReport {
  const failure = { retryable: false, ...report.failure, remedyId };
  const stages = report.stages.map((stage) => (stage === failed ? { ...stage, failure } : stage));
  return { ...report, failure, stages };
}
