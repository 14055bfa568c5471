import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { whyRefused, withReason } from "@/lib/email-accounts/mailbox/why-refused";
import type { MailCredential } from "@/lib/mail/credential";
import { mailHouse } from "@/lib/mail/houses/schema";
import type { MailFailure } from "@/lib/mail/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import type { Protocol, ProtocolReport, StageReport } from "./schema";

type Context = {
  account: MailboxAccount;
  /** What it was tried with; only asked for where a credential was used. */
  credential: () => Promise<MailCredential>;
  /** What came of another protocol of the same test, when that is known. */
  reportOf: (protocol: Protocol) => Promise<ProtocolReport>;
};

/**
 * Says why a server refused, as `whyRefused` does for everything that opens a mailbox. A test knows one thing
 * more: if the mailbox opens over the other way to read it, this protocol is switched off.
 */
export async function diagnose(report: ProtocolReport, context: Context): Promise<ProtocolReport> {
  const failed = report.stages.find((stage) => stage.status === "failed");
  if (!failed || !report.failure) return report;
  const remedyId = await reasonFor(report, failed, context);
  return remedyId === undefined ? report : withRemedy(report, failed, remedyId);
}

async function reasonFor(report: ProtocolReport, failed: StageReport, context: Context) {
  const { account, reportOf } = context;
  const { protocol, failure } = report;
  if (!failure) return undefined;
  const isOfCredential = failed.stage === "authenticate" || failed.stage === "mailbox";
  const credential = isOfCredential ? await context.credential() : undefined;
  const reason = whyRefused({ account, protocol, remedyId: failure.remedyId, credential });
  if (reason?.lies === "in_token" || !mailHouse(account.service).hasProtocolSwitches)
    return reason?.remedyId;
  const isOff = isVague(failure);
  const other = OTHER[protocol];
  if (!other || (!isOff && !reason)) return reason?.remedyId;
  if ((await reportOf(other)).verdict !== "ok") return reason?.remedyId;
  return isOff ? `${protocol}.switched_off` : undefined;
}

/** The other way to read the same mailbox: it takes the same name, and needs the same right. */
const OTHER = { imap: "pop3", pop3: "imap", smtp: undefined } as const;

/** What a server says of a protocol that is off. A sentence of its own counts more than what another protocol suggests. */
function isVague({ remedyId, serverText = "" }: MailFailure): boolean {
  const { reason } = findRemedy(remedyId);
  const isOfAccess = reason === "token_refused" || reason === "not_connected";
  return isOfAccess && VAGUE.test(serverText);
}

const VAGUE = /\bfail(?:ed|ure)\b|credentials|not (?:connected|accepted)|authorization-ID/i;

function withRemedy(report: ProtocolReport, failed: StageReport, remedyId: string): ProtocolReport {
  if (!report.failure) return report;
  const failure = withReason(report.failure, remedyId);
  const stages = report.stages.map((stage) => (stage === failed ? { ...stage, failure } : stage));
  return { ...report, failure, stages };
}
