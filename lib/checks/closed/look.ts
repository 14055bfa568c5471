import { cloudOf } from "@/lib/email-accounts/hosts";
import { openCredentials, openGraph } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount, type MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { GRAPH_PERMISSIONS, type GraphWay } from "@/lib/oauth/graph-uses";
import { serviceOf } from "@/lib/oauth/services";
import { testProtocols } from "../run";
import type { ProtocolReport } from "../schema";
import { conclude, unproved } from "./conclude";
import { findAccountOf, findOwnAccounts } from "./queries";
import type { ClosedFinding } from "./schema";
import type { ClosedMailbox } from "./store";

/**
 * Whether the application of a provider opens a mailbox that must stay closed, by any protocol or through Microsoft
 * Graph, compared with one of its own. Sends and stores nothing.
 */
export async function lookAt(
  actor: Actor,
  mailbox: ClosedMailbox,
  signal: AbortSignal,
): Promise<ClosedFinding> {
  requirePermission(actor, "accounts:test");
  const account = await findAccountOf(mailbox);
  if (account) return unproved(`The account ${account} opens this mailbox.`);
  try {
    return await compare(actor, mailbox, signal);
  } catch (error) {
    if (error instanceof AppError) return unproved(error.message);
    throw error;
  }
}

async function compare(actor: Actor, mailbox: ClosedMailbox, signal: AbortSignal) {
  for (const id of await findOwnAccounts(mailbox.cloudProviderId)) {
    const account = await findMailboxAccount(actor, id);
    const own = await reportsOf(actor, account, signal);
    if (!own.some(({ verdict }) => verdict === "ok")) continue;
    const { emailAddress } = mailbox;
    const looked = { ...account, emailAddress, username: emailAddress, mailbox: null };
    // Its connections take no place of the account's own mailbox.
    looked.mailboxId = mailbox.cloudProviderId;
    const closed = await reportsOf(actor, looked, signal);
    const { name } = account;
    return conclude({ name, own, closed, sendsForAll: await sendsForAll(actor, account) });
  }
  return unproved("No active account of this provider opens its own mailbox.");
}

/** By all ways, whichever the account uses. Its tokens are the application's. */
async function reportsOf(actor: Actor, account: MailboxAccount, signal: AbortSignal) {
  const opens = {
    credentials: () => openCredentials(actor, account, "test"),
    openGraph: (way: GraphWay) => graphOf(actor, account, way),
  };
  const ways = [
    { sendsBy: "smtp", readsBy: "imap" },
    { sendsBy: "graph", readsBy: "graph" },
  ] as const;
  const reports = await Promise.all(
    ways.map((by) => testProtocols({ ...account, ...by }, { signal }, opens)),
  );
  return reports.flat().filter(({ verdict }: ProtocolReport) => verdict !== "skipped");
}

/** What refuses this mailbox drops no token. */
async function graphOf(actor: Actor, account: MailboxAccount, way: GraphWay) {
  const mailbox = await openGraph(actor, account, { purpose: "test", way });
  const path = `/v1.0/users/${encodeURIComponent(account.mailbox ?? account.emailAddress)}`;
  const drop = async () => {};
  return { ...mailbox, address: new URL(path, mailbox.address).href, drop };
}

async function sendsForAll(actor: Actor, account: MailboxAccount): Promise<boolean> {
  const opened = await graphOf(actor, account, "send").catch(() => null);
  const claims = opened && serviceOf(cloudOf(account)).mailTokens?.read(opened.accessToken);
  return claims?.roles.includes(GRAPH_PERMISSIONS.send) ?? false;
}
