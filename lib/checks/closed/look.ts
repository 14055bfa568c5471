import { openCredentials, openGraph } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount, type MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { listed } from "@/lib/kernel/text/schema";
import type { GraphWay } from "@/lib/oauth/graph-uses";
import { findRemedy } from "@/lib/remedies/catalogue";
import { wayOf } from "../conclusion";
import { testProtocols } from "../run";
import type { ProtocolReport } from "../schema";
import { findOpenedAccount } from "./queries";
import type { ClosedFinding } from "./schema";
import type { ClosedMailbox } from "./store";

/**
 * Whether the application of a provider opens a mailbox that must stay closed, by any protocol or through Microsoft
 * Graph. A refusal proves it only where the server said no, and the application opens one of its own mailboxes in the
 * same moment. Sends and stores nothing.
 */
export async function lookAt(
  actor: Actor,
  { cloudProviderId, emailAddress }: ClosedMailbox,
  signal: AbortSignal,
): Promise<ClosedFinding> {
  requirePermission(actor, "accounts:test");
  const id = await findOpenedAccount(cloudProviderId);
  if (id === null) return unproved("No active account uses this provider.");
  const own = await findMailboxAccount(actor, id);
  const closed = { ...own, emailAddress, username: emailAddress, mailbox: null, smtpUser: null };
  const report = (account: MailboxAccount) =>
    testProtocols(account, { signal }, opens(actor, account));
  try {
    const ofOwn = await report(own);
    const ofClosed = [
      ...(await report({ ...closed, sendsBy: "smtp", readsBy: "imap" })),
      ...(await report({ ...closed, sendsBy: "graph", readsBy: "graph" })),
    ];
    return conclude(own.name, ofOwn, ofClosed);
  } catch (error) {
    if (error instanceof AppError) return unproved(error.message);
    throw error;
  }
}

/** By the tokens of the account that the application may open, which are the application's. */
function opens(actor: Actor, account: MailboxAccount) {
  const path = `/v1.0/users/${encodeURIComponent(account.mailbox ?? account.emailAddress)}`;
  return {
    credentials: () => openCredentials(actor, account, "test"),
    openGraph: async (way: GraphWay) => {
      const mailbox = await openGraph(actor, account, { purpose: "test", way });
      return { ...mailbox, address: new URL(path, mailbox.address).href };
    },
  };
}

function conclude(
  name: string,
  ofOwn: readonly ProtocolReport[],
  ofClosed: readonly ProtocolReport[],
): ClosedFinding {
  const opened = ofClosed.filter(isOpen);
  if (opened.length > 0)
    return { result: "open", reason: `Opened by ${waysOf(opened)}.${doubtOf(opened)}` };
  const works = ofOwn.filter(isOpen);
  if (works.length === 0) return unproved(`${name}, which it may open, stayed closed as well.`);
  const unclear = ofClosed.filter((report) => report.verdict !== "skipped" && !isRefused(report));
  if (unclear.length > 0) return unproved(`No clear refusal: ${listed(unclear.map(whyNot))}.`);
  const reason = `All refused it, while ${waysOf(works)} opened ${name}.`;
  return { result: "closed", reason };
}

/** lib/mail/graph/probe.ts: a request without a message says whether one might be sent. */
const doubtOf = (opened: readonly ProtocolReport[]) =>
  opened.every(({ protocol, through }) => protocol === "smtp" && through)
    ? " Asked without a message: not verified with Microsoft."
    : "";

const isOpen = ({ verdict }: ProtocolReport) => verdict === "ok";

/** The server was reached, knew the mailbox, and said no for good. */
function isRefused({ stages, failure }: ProtocolReport): boolean {
  const failed = stages.find(({ status }) => status === "failed");
  if (!failed || !failure || failure.retryable || NO_MAILBOX.has(failure.remedyId)) return false;
  return SAY_NO.has(failed.stage);
}

const NO_MAILBOX: ReadonlySet<string> = new Set(["graph.no_mailbox", "graph.unknown_mailbox"]);

const SAY_NO: ReadonlySet<string> = new Set(["authenticate", "mailbox", "sender"]);

function whyNot(report: ProtocolReport): string {
  const { failure } = report;
  return failure ? `${wayOf(report)} (${findRemedy(failure.remedyId).title})` : wayOf(report);
}

const waysOf = (reports: readonly ProtocolReport[]) => listed(reports.map(wayOf));

const unproved = (reason: string): ClosedFinding => ({ result: "unproved", reason });
