import type { MailEndpoint } from "@/lib/egress/schema";

export type MailProtocol = "imap" | "smtp" | "pop3";

export type MailStage =
  | "resolve"
  | "connect"
  | "tls"
  | "greeting"
  | "token"
  | "authenticate"
  | "mailbox"
  | "sender";

/** Why a stage failed: `remedyId` names the entry of the error catalogue (`lib/remedies`). */
export type MailFailure = {
  remedyId: string;
  /** Whether the same test may succeed later without anybody changing anything. */
  retryable: boolean;
  /** What the server said, already shortened and stripped (`safeServerText`). */
  serverText?: string;
  /** The wire's own code, e.g. `535 5.7.3`, `AUTHENTICATIONFAILED`, `ECONNREFUSED`. */
  code?: string;
};

export type StageResult = {
  protocol: MailProtocol;
  stage: MailStage;
  status: "ok" | "failed" | "skipped";
  durationMs: number;
  /** Safe to show: an address, a TLS version, mechanisms, a number of messages. */
  detail?: string;
  failure?: MailFailure;
};

/** One line of a conversation; `postkey` speaks of what is not on the wire. */
export type TranscriptLine = {
  by: "client" | "server" | "postkey";
  /** Milliseconds since the probe began. */
  ms: number;
  /** Safe to store and show: no secret, no control character, at most 300 characters. */
  text: string;
};

export type ProtocolReport = {
  protocol: MailProtocol;
  verdict: "ok" | "failed" | "skipped" | "aborted";
  stages: StageResult[];
  totalMs: number;
  failure?: MailFailure;
  /** The name that the server took; safe to show. */
  user?: string;
  /** What was said, without secrets; absent when nothing was. */
  transcript?: TranscriptLine[];
};

/**
 * The stages of a protocol in the order in which they happen. With STARTTLS the server greets
 * before the connection is secure, and what it offers counts only afterwards (RFC 3207 §4.2,
 * RFC 9051 §6.2.1, RFC 2595 §4), so `tls` comes after `greeting` and covers the renewed list.
 */
export function stageOrder(protocol: MailProtocol, tls: MailEndpoint["tls"]): MailStage[] {
  const opening: MailStage[] = tls === "implicit" ? ["tls", "greeting"] : ["greeting", "tls"];
  const last = protocol === "smtp" ? "sender" : "mailbox";
  return ["resolve", "connect", ...opening, "token", "authenticate", last];
}

/** Where a failure happened: the same reply means another thing in another stage. */
export type FailureContext = {
  protocol: MailProtocol;
  stage: MailStage;
  credential: "xoauth2" | "password" | undefined;
  /** What of the credential the server was sent, and may repeat. */
  secrets?: readonly string[];
};
