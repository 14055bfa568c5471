import type { Protocol } from "@/lib/egress/protocols/schema";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { isOfAccess, whyRefused, withReason } from "@/lib/email-accounts/mailbox/why-refused";
import type { MailCredential } from "@/lib/mail/credential";
import { mailService } from "@/lib/mail/services/schema";
import { identitiesOf } from "@/lib/sign-ins/identities";
import type { ProtocolReport, StageReport } from "./schema";

type Context = {
  account: MailboxAccount;
  /** What it was tried with; only asked for where a credential was used. */
  credential: () => Promise<MailCredential>;
  /** What came of another protocol of the same test, when that is known. */
  reportOf: (protocol: Protocol) => Promise<ProtocolReport>;
};

/** As `whyRefused`, and by the other way to read the mailbox: if that works, this protocol is off. */
export async function diagnose(report: ProtocolReport, context: Context): Promise<ProtocolReport> {
  const failed = report.stages.find((stage) => stage.status === "failed");
  // Microsoft Graph says itself what is wrong.
  if (!failed || !report.failure || report.through === "graph") return report;
  const remedyId = await reasonFor(report, failed, context);
  return remedyId === undefined ? report : withRemedy(report, failed, remedyId);
}

async function reasonFor(report: ProtocolReport, failed: StageReport, context: Context) {
  const { account } = context;
  const { protocol, failure } = report;
  if (!failure) return undefined;
  const isOfCredential = failed.stage === "authenticate" || failed.stage === "mailbox";
  const credential = isOfCredential ? await context.credential() : undefined;
  const reason = whyRefused({ account, protocol, remedyId: failure.remedyId, credential });
  // A person who sends from a shared mailbox signs in to their own.
  const isElsewhere = protocol === "smtp" && identitiesOf(account).isDelegate;
  const isOfRights = isOfAccess(failure.remedyId) || reason?.lies === "in_rights";
  const { hasProtocolSwitches } = mailService(account.service);
  if (isElsewhere || !isOfRights || reason?.lies === "in_token" || !hasProtocolSwitches)
    return reason?.remedyId;
  const other = await context.reportOf(OTHER[protocol]);
  if (other.verdict === "ok") return isOff(report) ? `${protocol}.switched_off` : undefined;
  const isAlike = other.failure?.remedyId === `${other.protocol}.not_connected`;
  return reason?.remedyId ?? (isAlike ? `${protocol}.not_connected` : undefined);
}

/** A way to read the same mailbox: it takes the same name, and needs the same right. */
const OTHER = { imap: "pop3", pop3: "imap", smtp: "imap" } as const;

/** What a server says of a protocol that is off. A sentence of its own counts more than what another protocol suggests. */
function isOff({ protocol, failure }: ProtocolReport): boolean {
  if (!failure || protocol === "smtp") return false;
  return isOfAccess(failure.remedyId) && VAGUE.test(failure.serverText ?? "");
}

const VAGUE = /\bfail(?:ed|ure)\b|credentials|not (?:connected|accepted)|authorization-ID/i;

function withRemedy(report: ProtocolReport, failed: StageReport, remedyId: string): ProtocolReport {
  if (!report.failure) return report;
  const failure = withReason(report.failure, remedyId);
  const stages = report.stages.map((stage) => (stage === failed ? { ...stage, failure } : stage));
  return { ...report, failure, stages };
}
