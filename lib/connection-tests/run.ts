import "server-only";
import { randomUUID } from "node:crypto";
import type { Actor } from "@/lib/actor";
import { SECOND_MS } from "@/lib/clock";
import { mailHosts } from "@/lib/email-accounts/hosts";
import { configuredEgress, configuredMailTls } from "@/lib/mail/configured";
import type { MailCredential } from "@/lib/mail/credential";
import { probeImap } from "@/lib/mail/imap";
import { probePop3 } from "@/lib/mail/pop3";
import type { ProbeInput } from "@/lib/mail/probe";
import { probeSmtp } from "@/lib/mail/smtp";
import { safeServerText } from "@/lib/mail/text";
import { explainRefusal, readTokenClaims } from "@/lib/mail/token-claims";
import type { Cloud } from "@/lib/oauth/clouds";
import { explainProtocol, explainToken } from "./explain";
import { cloudOf, openCredential } from "./mailbox";
import {
  PROTOCOLS,
  type Protocol,
  type ProtocolReport,
  type TestEvent,
  type TokenSummary,
} from "./schema";
import { saveConnectionTest, type TestedAccount } from "./store";

/** For a whole protocol: a person waits for it. */
const DEADLINE_MS = 30 * SECOND_MS;

const PROBES = { imap: probeImap, smtp: probeSmtp, pop3: probePop3 } as const;

type TestOptions = {
  /** Aborted when nobody listens any more: every connection closes at once. */
  signal: AbortSignal;
  onEvent: (event: TestEvent) => void;
  /** Of the report, where the test may be run again after a crash: it is stored once. */
  connectionTestId?: string;
};

/**
 * Tests IMAP, SMTP and POP3 of an account at once, with one token, past the sign-in: a server may
 * accept a token and then refuse every command. Tells each stage as it ends, and stores the report.
 * A refused sign-in is a normal result.
 */
export async function testConnection(
  actor: Actor,
  account: TestedAccount,
  { signal, onEvent, connectionTestId: id = randomUUID() }: TestOptions,
): Promise<void> {
  const startedAt = new Date();
  const cloud = cloudOf(account);
  const hosts = mailHosts(account.service, { cloud, hosts: account.hosts });
  const { username, emailAddress } = account;
  let token: TokenSummary | undefined;
  const credential = once(async () => {
    const opened = await openCredential(actor, account, "test");
    token = summaryOf(opened, cloud);
    const needs = explainToken({ token, login: username, at: startedAt }, account);
    if (token) onEvent({ type: "token", needs });
    return opened;
  });
  const protocols = await Promise.all(
    PROTOCOLS.map(async (protocol) => {
      const report = await probe(protocol, {
        endpoint: hosts[protocol],
        credential: () => credential(),
        sender: emailAddress,
        signal,
        deadlineMs: DEADLINE_MS,
        egress: configuredEgress(),
        tls: configuredMailTls(),
        onStage: (stage) => {
          if (stage.status !== "failed") onEvent({ type: "stage", stage });
        },
      });
      const diagnosed = await diagnose(report, { account, cloud, credential });
      onEvent({ type: "protocol", report: explainProtocol(diagnosed, account) });
      return diagnosed;
    }),
  );
  if (signal.aborted) return;
  const durationMs = Date.now() - startedAt.getTime();
  const isOk = protocols.every((report) => report.verdict === "ok");
  const verdict: "ok" | "failed" = isOk ? "ok" : "failed";
  const report = { username, emailAddress, protocols, ...(token && { token }) };
  const test = { id, emailAccountId: account.id, startedAt, durationMs, verdict, report } as const;
  const connectionTestId = await saveConnectionTest(actor, test);
  const finished = { connectionTestId, verdict, durationMs, startedAt: startedAt.toISOString() };
  onEvent({ type: "finished", ...finished });
}

function probe(protocol: Protocol, input: ProbeInput): Promise<ProtocolReport> {
  return PROBES[protocol](input);
}

const MAX_CLAIM = 300;
const MAX_PERMISSIONS = 50;

/** What a token says about itself, in bounds: the token is not kept. */
function summaryOf(credential: MailCredential, { scopeHost }: Cloud): TokenSummary | undefined {
  const claims =
    credential.kind === "xoauth2" ? readTokenClaims(credential.accessToken) : undefined;
  if (!claims) return undefined;
  const short = (text: string) => safeServerText(text).slice(0, MAX_CLAIM);
  const optional = (name: "audience" | "user" | "tenantId") => {
    const value = claims[name];
    return value === undefined ? {} : { [name]: short(value) };
  };
  return {
    ...optional("audience"),
    scopes: claims.scopes.slice(0, MAX_PERMISSIONS).map(short),
    roles: claims.roles.slice(0, MAX_PERMISSIONS).map(short),
    ...optional("user"),
    ...(claims.expiresAt && { expiresAt: claims.expiresAt.toISOString() }),
    ...optional("tenantId"),
    scopeHost,
  };
}

type Context = {
  account: TestedAccount;
  cloud: Cloud;
  credential: () => Promise<MailCredential>;
};

/**
 * A server's refusal of a token never says why. The token itself often does: it is read here, and
 * never shown.
 */
async function diagnose(report: ProtocolReport, context: Context): Promise<ProtocolReport> {
  const failed = report.stages.find((stage) => stage.status === "failed");
  if (failed?.stage !== "authenticate" || !report.failure) return report;
  const credential = await context.credential();
  const claims =
    credential.kind === "xoauth2" ? readTokenClaims(credential.accessToken) : undefined;
  if (!claims) return report;
  const { username, emailAddress } = context.account;
  const remedyId = explainRefusal({
    claims,
    protocol: report.protocol,
    scopeHost: context.cloud.scopeHost,
    user: username,
    mailbox: emailAddress,
    now: new Date(),
  });
  if (!remedyId) return report;
  const failure = { ...report.failure, remedyId };
  return {
    ...report,
    failure,
    stages: report.stages.map((stage) => (stage === failed ? { ...stage, failure } : stage)),
  };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
