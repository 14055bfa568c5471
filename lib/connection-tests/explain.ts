import "server-only";
import { remedyContext } from "@/lib/cloud-providers/remedy-context";
import { mailHosts } from "@/lib/email-accounts/hosts";
import { type TokenNeed, tokenNeeds } from "@/lib/mail/token-claims";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { cloudOf } from "./mailbox";
import {
  type ExplainedProtocol,
  PROTOCOLS,
  type ProtocolReport,
  type TokenSummary,
} from "./schema";
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

type UsedToken = { token: TokenSummary | undefined; login: string; at: Date };

/** The token of a test in words: what it has beside what the servers need. */
export function explainToken(
  { token, login, at }: UsedToken,
  { tenantId }: Pick<TestedAccount, "tenantId">,
): TokenNeed[] {
  if (!token) return [];
  const { scopeHost, expiresAt, audience, user, tenantId: tenant, ...permissions } = token;
  const claims = {
    ...permissions,
    ...{ audience, user, tenantId: tenant },
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
  };
  return tokenNeeds({ claims, protocols: PROTOCOLS, scopeHost, login, tenantId, at });
}

function hostsOf(account: TestedAccount) {
  return mailHosts(account.service, { cloud: cloudOf(account), hosts: account.hosts });
}
