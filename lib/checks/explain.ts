import { PROTOCOLS } from "@/lib/egress/protocols/schema";
import { accountHosts } from "@/lib/email-accounts/hosts";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { repairObjectOf } from "@/lib/email-accounts/repair-object";
import { tokenNeeds } from "@/lib/mail/token-refusal";
import { serviceOf } from "@/lib/oauth/services";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";
import { identitiesOf } from "@/lib/sign-ins/identities";
import { testedAt } from "./conclusion";
import type { ProtocolReport, TokenNeed, TokenSummary } from "./schema";

export function explainProtocol(report: ProtocolReport, account: MailboxAccount) {
  if (!report.failure) return report;
  // Its place may have changed.
  const place = { ...accountHosts(account)[report.protocol], ...testedAt(report) };
  const { cloud, clientId, tenantId, redirectUri } = account;
  const registration =
    cloud !== null && clientId !== null && tenantId !== null && redirectUri !== null
      ? remedyContext({ cloud, clientId, tenantId, redirectUri })
      : {};
  const context = {
    ...namesFor(report, account),
    ...(place.host !== undefined && { host: place.host }),
    ...(place.port !== undefined && { port: place.port }),
    ...registration,
    ...(account.objectId !== null && { objectId: account.objectId }),
    object: repairObjectOf(account, report.protocol),
  };
  const remedy = fillRemedy(findRemedy(report.failure.remedyId), context);
  return { ...report, remedy: withWhoseSwitch(remedy, report, account) };
}

/** SMTP AUTH is a switch of the login, not of a shared mailbox. */
function withWhoseSwitch(remedy: Remedy, report: ProtocolReport, account: MailboxAccount): Remedy {
  const { smtp, sender, isDelegate } = identitiesOf(account);
  const isOfLogin = namesFor(report, account).mailbox === smtp && smtp !== sender;
  if (report.protocol !== "smtp" || report.through || !isDelegate || !isOfLogin || !remedy.command)
    return remedy;
  const why = `SMTP asks for the rights of the account that signs in, so the command is about ${smtp}, and not about ${sender}.`;
  return { ...remedy, cause: `${remedy.cause} ${why}` };
}

function namesFor({ protocol, stages, through }: ProtocolReport, account: MailboxAccount) {
  const { login, mailbox, sender, smtp } = identitiesOf(account);
  if (through) return { mailbox, login };
  const isSignIn = stages.some(({ stage, status }) => stage === "authenticate" && status !== "ok");
  const names = { imap: mailbox, pop3: mailbox, smtp: isSignIn ? smtp : sender };
  return { mailbox: names[protocol], login };
}

export function explainToken(
  { token, login, at }: { token: TokenSummary | undefined; login: string; at: Date },
  account: Pick<MailboxAccount, "tenantId" | "clientId" | "isAppOnly">,
): TokenNeed[] {
  const tokens = token && serviceOf(token).mailTokens;
  if (!token || !tokens) return [];
  const { scopeHost, audience, scopes, roles, user, appId, isGuest = false } = token;
  const [notBefore, expiresAt] = [dateOf(token.notBefore), dateOf(token.expiresAt)];
  const said = { audience, scopes, roles, user, appId, isGuest, tenantId: token.tenantId };
  const { tenantId, clientId, isAppOnly } = account;
  const needed = { tokens, protocols: PROTOCOLS, scopeHost, tenantId, clientId, isAppOnly };
  return tokenNeeds({ claims: { ...said, notBefore, expiresAt }, ...needed, login, at });
}

function dateOf(iso: string | undefined): Date | undefined {
  return iso === undefined ? undefined : new Date(iso);
}
