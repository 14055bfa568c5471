import { inTurn } from "@/lib/devices/places/own";
import type { Protocol } from "@/lib/egress/protocols/schema";
import type { OwnHosts } from "@/lib/egress/schema";
import {
  getAccessToken,
  getCandidateToken,
  type TestAsked,
} from "@/lib/email-accounts/access-token";
import type { AccessToken, TokenPurpose } from "@/lib/email-accounts/access-token-in-row";
import { dropExpired } from "@/lib/email-accounts/drop-expired";
import { getGraphToken, type WantedOfGraph } from "@/lib/email-accounts/graph-token";
import { accountHosts, serverOf } from "@/lib/email-accounts/hosts";
import { findMailboxAccount, type MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { openPassword } from "@/lib/email-accounts/store";
import type { Actor } from "@/lib/kernel/actor";
import type { MailCredential } from "@/lib/mail/credential";
import { openGraphInbox } from "@/lib/mail/graph/inbox";
import type { GraphMailbox } from "@/lib/mail/graph/request";
import { type Inbox, openInbox } from "@/lib/mail/inbox";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { mailService } from "@/lib/mail/services/schema";
import { type Identities, identitiesOf } from "@/lib/sign-ins/identities";
import { whyRefused, withReason } from "./why-refused";

/** @permission none: getAccessToken asks, and findMailboxAccount before it. */
export async function openCredentials(
  actor: Actor,
  account: MailboxAccount,
  asked: TokenPurpose | TestAsked,
): Promise<Record<Protocol, MailCredential>> {
  const names = identitiesOf(account);
  if (!account.modernAuthentication) {
    const password = await openPassword(account);
    const secrets = [password];
    const { platform: service } = mailService(account.service);
    const as = (user: string) => ({ kind: "password", service, user, password, secrets }) as const;
    return { imap: as(names.imap), smtp: as(names.smtp), pop3: as(names.pop3) };
  }
  const token = account.candidate
    ? await getCandidateToken(
        actor,
        account.candidate,
        typeof asked === "string" ? undefined : asked,
      )
    : await getAccessToken(actor, account.id, asked);
  return withToken(token, names);
}

function withToken(
  { service, accessToken, isFresh }: AccessToken,
  { imap, smtp, pop3, otherSmtp }: Pick<Identities, Protocol> & { otherSmtp?: string | undefined },
): Record<Protocol, MailCredential> {
  const secrets = [accessToken];
  const as = (user: string) =>
    ({ kind: "xoauth2", service, user, accessToken, isFresh, secrets }) as const;
  const other = otherSmtp === undefined ? {} : { otherUser: otherSmtp };
  return { imap: as(imap), smtp: { ...as(smtp), ...other }, pop3: as(pop3) };
}

export type MailboxSession = { hosts: OwnHosts; credentials: Record<Protocol, MailCredential> };

/**
 * One statement: the token brings all about its account.
 * @permission none: getAccessToken or findMailboxAccount asks.
 */
export async function openSession(
  actor: Actor,
  { id, modernAuthentication }: Pick<MailboxAccount, "id" | "modernAuthentication">,
): Promise<MailboxSession> {
  if (modernAuthentication) {
    const token = await getAccessToken(actor, id, "session");
    return {
      hosts: token.hosts,
      credentials: withToken(token, { ...token.users, otherSmtp: token.otherSmtp }),
    };
  }
  const account = await findMailboxAccount(actor, id, "mail:read");
  const credentials = await openCredentials(actor, account, "session");
  return { hosts: accountHosts(account), credentials };
}

/**
 * Its server calls it expired: the next use fetches a new token.
 * @permission none: dropExpired asks.
 */
export async function dropCredentials(
  actor: Actor,
  { id: emailAccountId, candidate }: Pick<MailboxAccount, "id" | "candidate">,
  { imap: credential }: Record<Protocol, MailCredential>,
): Promise<void> {
  if (credential.kind !== "xoauth2") return;
  const { accessToken } = credential;
  await dropExpired(actor, { emailAccountId, candidate, accessToken });
}

/** @permission none: getGraphToken asks. */
export async function openGraph(
  actor: Actor,
  { id }: Pick<MailboxAccount, "id">,
  wanted: WantedOfGraph,
): Promise<GraphMailbox> {
  const { origin, path, accessToken, drop, ...by } = await getGraphToken(actor, id, wanted);
  const turn: GraphMailbox["turn"] = (work) => inTurn(by, work);
  return { address: origin + path, accessToken, drop, turn };
}

/** @permission none: a part of openCredentials. */
export async function openSubmission(actor: Actor, account: MailboxAccount) {
  const endpoint = serverOf(accountHosts(account), "smtp");
  if (account.sendsBy === "graph") {
    const graph = await openGraph(actor, account, { purpose: "send", way: "send" });
    const { accessToken } = graph;
    const credential = { kind: "xoauth2", user: account.username, accessToken } as const;
    return { endpoint, credential, graph, from: account.emailAddress };
  }
  const { smtp: credential } = await openCredentials(actor, account, "send");
  return { endpoint, credential, from: account.emailAddress };
}

/** @permission none: a part of openCredentials. */
type Reading = { purpose: "read" | "test"; signal: AbortSignal };

/**
 * Read-only.
 * @throws ProbeFailure with the cause that a test would give, as far as IMAP shows it; AppError
 * @permission none: openCredentials or getGraphToken asks.
 */
export async function openAccountInbox(
  actor: Actor,
  account: MailboxAccount,
  { purpose, signal }: Reading,
): Promise<Inbox> {
  if (account.readsBy === "graph") {
    const open = () => openGraph(actor, account, { purpose, way: "read" });
    return openGraphInbox({ open, signal, mark: account.settings });
  }
  const endpoint = serverOf(accountHosts(account), "imap");
  const { imap: credential } = await openCredentials(actor, account, purpose);
  return openInbox({ endpoint, credential, signal }).catch((error: unknown) => {
    if (!(error instanceof ProbeFailure)) throw error;
    const { failure, remedyId } = error;
    const reason = whyRefused({ account, protocol: "imap", remedyId, credential });
    if (reason === undefined) throw error;
    throw new ProbeFailure(withReason(failure, reason.remedyId), { cause: error });
  });
}
