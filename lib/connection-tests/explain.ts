import "server-only";
import { remedyContext } from "@/lib/cloud-providers/remedy-context";
import { mailHosts } from "@/lib/email-accounts/hosts";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { cloudOf } from "./mailbox";
import type { ExplainedProtocol, ProtocolReport } from "./schema";
import type { TestedAccount } from "./store";

/** Adds what the error catalogue says about a protocol's failure, filled in for the account. */
export function explainProtocol(
  report: ProtocolReport,
  account: TestedAccount,
  mailbox = account.emailAddress,
): ExplainedProtocol {
  if (!report.failure) return report;
  const { host, port } = hostsOf(account)[report.protocol];
  const { cloud, clientId, tenantId, redirectUri } = account;
  const registration =
    cloud !== null && clientId !== null && tenantId !== null && redirectUri !== null
      ? remedyContext({ cloud, clientId, tenantId, redirectUri })
      : {};
  const context = { mailbox, host, port, ...registration };
  return { ...report, remedy: fillRemedy(findRemedy(report.failure.remedyId), context) };
}

function hostsOf(account: TestedAccount) {
  return mailHosts(account.service, { cloud: cloudOf(account), hosts: account.hosts });
}
