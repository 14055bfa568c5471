import { randomUUID } from "node:crypto";
import { inPlace } from "@/lib/devices/places/own";
import { PROTOCOLS, type Protocol } from "@/lib/egress/protocols/schema";
import { accountHosts, cloudOf } from "@/lib/email-accounts/hosts";
import { dropCredentials, openCredentials, openGraph } from "@/lib/email-accounts/mailbox/open";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { elapsed, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { countUp, observe } from "@/lib/kernel/metrics/counters";
import { configuredEgress, configuredMailTls } from "@/lib/mail/configured";
import type { MailCredential } from "@/lib/mail/credential";
import { probeGraph, probeGraphInbox } from "@/lib/mail/graph/probe";
import type { GraphMailbox } from "@/lib/mail/graph/request";
import { probeImap } from "@/lib/mail/imap";
import { probePop3 } from "@/lib/mail/pop3";
import { probeSmtp } from "@/lib/mail/smtp";
import type { GraphWay } from "@/lib/oauth/graph-uses";
import { shownState } from "@/lib/remedies/shown-state";
import { identitiesOf } from "@/lib/sign-ins/identities";
import { isFine } from "./conclusion";
import { diagnose } from "./diagnose";
import { explainProtocol, explainToken } from "./explain";
import type {
  ConnectionReport,
  ProtocolReport,
  StageReport,
  TestEvent,
  TestVerdict,
  TokenSummary,
} from "./schema";
import { failureToLookAt, releaseMailbox, saveConnectionTest, takeMailbox } from "./store";
import { summaryOf } from "./token-summary";

/** For a whole protocol: a person waits for it. */
const DEADLINE_MS = 30 * SECOND_MS;

const PROBES = { imap: probeImap, smtp: probeSmtp, pop3: probePop3 } as const;

export type TestOptions = {
  /** Aborted when the listener is gone: every connection closes at once. */
  signal: AbortSignal;
  /** Fetches a new token first, whatever is left of the one that is kept. */
  renewsFirst?: boolean;
  /** Of a run: a token that was fetched since then is as good as a new one. */
  answersSince?: Date;
  /** Where no one looks on, nothing is explained: a report is explained again when it is read. */
  onEvent?: (event: TestEvent) => void;
  /** Of the report, where the test may be run again after a crash: it is stored once. */
  connectionTestId?: string;
  /** Asked with the verdict before the report is stored; with false it is not. */
  beforeSave?: (verdict: TestOutcome["verdict"]) => Promise<boolean>;
  /** Open pages are notified of the run that it is part of, and not of each account in the run. */
  isOneOfMany?: boolean;
};

export type TestOutcome = {
  verdict: TestVerdict;
  /** What a person has to look at first: an id of the error catalogue. */
  failureId: string | null;
  durationMs: number;
  report: ConnectionReport;
  isSaved: boolean;
};

/**
 * Goes past the sign-in: a server may accept a token and then refuse every command.
 * @returns null when it was broken off
 * @permission none: findMailboxAccount asked when it found the account.
 */
export async function testConnection(
  actor: Actor,
  account: MailboxAccount,
  options: TestOptions,
): Promise<TestOutcome | null> {
  const { signal, onEvent, answersSince, connectionTestId: id = randomUUID() } = options;
  const { isOneOfMany = false, renewsFirst = false, beforeSave = async () => true } = options;
  const startedAt = wallTime();
  const begun = elapsed();
  const cloud = cloudOf(account);
  const { username, emailAddress, mailbox } = account;
  let token: TokenSummary | undefined;
  const purpose = renewsFirst ? "test_fresh" : "test";
  const credentials = once(async () => {
    const opened = await openCredentials(actor, account, { purpose, answersSince });
    token = summaryOf(opened.imap, cloud);
    if (token)
      onEvent?.({
        type: "token",
        needs: explainToken({ token, login: username, at: startedAt }, account),
        isFresh: token.isFresh ?? false,
      });
    return opened;
  });
  const graph = (way: GraphWay) => openGraph(actor, account, { purpose, way });
  const protocols = await testProtocols(account, options, { credentials, openGraph: graph });
  if (protocols.some(({ failure }) => failure?.remedyId === "token.expired"))
    await dropCredentials(actor, account, await credentials());
  if (signal.aborted) return null;
  const durationMs = Math.round(elapsed() - begun);
  const verdict: TestVerdict = protocols.every((report) => isFine(report.verdict))
    ? "ok"
    : "failed";
  const report = { username, emailAddress, mailbox, protocols, ...(token && { token }) };
  const smtpUser = smtpUserOf(protocols, account);
  const test = { id, account, durationMs, verdict, report, smtpUser };
  const isSaved = await beforeSave(verdict);
  const sinceMs = elapsed() - begun;
  const saved = isSaved
    ? await saveConnectionTest(actor, { ...test, sinceMs }, { isOneOfMany })
    : null;
  countProtocols(protocols);
  const failureId = failureToLookAt(report);
  onEvent?.({
    type: "finished",
    connectionTestId: saved?.id ?? null,
    state: saved && shownState(saved.state, [failureId]),
    verdict,
    durationMs,
    startedAt: startedAt.toISOString(),
  });
  return { verdict, failureId, durationMs, report, isSaved };
}

/**
 * Two tests at once would count against the same limits of the server.
 * @throws AppError conflict
 * @permission none: a part of testConnection.
 */
export async function testAlone(
  actor: Actor,
  account: MailboxAccount,
  { connectionTestId = randomUUID(), ...options }: TestOptions,
): Promise<TestOutcome | null> {
  const lease = { emailAccountId: account.id, owner: connectionTestId };
  if (!(await takeMailbox(lease)))
    throw new AppError(
      "conflict",
      "This mailbox is being tested at the moment: by another administrator, on its schedule, or as one of many. Try again in a minute.",
      { remedyId: "postkey.mailbox_being_tested" },
    );
  let outcome: TestOutcome | null = null;
  try {
    outcome = await testConnection(actor, account, { ...options, connectionTestId });
    return outcome;
  } finally {
    if (!outcome?.isSaved) await releaseMailbox(connectionTestId);
  }
}

type Opens = {
  credentials: () => Promise<Record<Protocol, MailCredential>>;
  openGraph: (way: GraphWay) => Promise<GraphMailbox>;
};

/** The protocols beside each other; what one says of another comes when both are through. Stores nothing. */
export async function testProtocols(
  account: MailboxAccount,
  { signal, onEvent }: TestOptions,
  { credentials, openGraph }: Opens,
): Promise<ProtocolReport[]> {
  const hosts = accountHosts(account);
  const readsByGraph = account.readsBy === "graph";
  const credentialOf = (protocol: Protocol) => async () => (await credentials())[protocol];
  const begin = async (protocol: Protocol): Promise<ProtocolReport> => {
    const endpoint = hosts[protocol];
    const skipped: ProtocolReport = { protocol, verdict: "skipped", stages: [], totalMs: 0 };
    // It is read in one way.
    if (protocol === "pop3" && readsByGraph) return { ...skipped, through: "graph" };
    if (!endpoint) return skipped;
    const input = {
      endpoint,
      sender: account.emailAddress,
      signal,
      deadlineMs: DEADLINE_MS,
      egress: configuredEgress(),
      tls: configuredMailTls(),
      onStage: (stage: StageReport) => {
        if (stage.status !== "failed") onEvent?.({ type: "stage", stage });
      },
    };
    const { username: user } = account;
    if (protocol === "smtp" && account.sendsBy === "graph")
      return probeGraph({ ...input, user, open: () => openGraph("send") });
    if (protocol === "imap" && readsByGraph)
      return probeGraphInbox({ ...input, user, open: () => openGraph("read") });
    return PROBES[protocol]({ ...input, credential: credentialOf(protocol) });
  };
  const smtp = hosts.smtp ? inPlace(account, "smtp", () => begin("smtp")) : begin("smtp");
  const probes = { imap: begin("imap"), smtp, pop3: begin("pop3") };
  const reportOf = (protocol: Protocol) => probes[protocol];
  return Promise.all(
    PROTOCOLS.map(async (protocol) => {
      const credential = credentialOf(protocol);
      const context = { account, credential, reportOf };
      const diagnosed = await diagnose(await reportOf(protocol), context);
      onEvent?.({ type: "protocol", report: explainProtocol(diagnosed, account) });
      return diagnosed;
    }),
  );
}

function countProtocols(reports: ProtocolReport[]): void {
  for (const { protocol, verdict, totalMs } of reports) {
    if (verdict === "skipped") continue;
    countUp("postkey_connection_tests_total", { protocol, verdict });
    if (verdict === "ok")
      observe("postkey_connection_test_duration_seconds", { protocol }, totalMs);
  }
}

function smtpUserOf(
  reports: ProtocolReport[],
  account: MailboxAccount,
): "login" | "mailbox" | null {
  if (account.sendsBy === "graph") return null;
  const { login, otherSmtp } = identitiesOf(account);
  const user = reports.find(({ protocol }) => protocol === "smtp")?.user;
  if (otherSmtp === undefined || user === undefined) return null;
  return user === login ? "login" : "mailbox";
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
