import type { MailEndpoint, Protocol } from "@/lib/egress/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import type { Presented } from "./credential";
import type { MailRemedyId } from "./mail-failures";
import type { MailStage } from "./schema";

/**
 * The stages of a protocol in the order in which they happen. With STARTTLS the server greets
 * before the connection is secure, and what it offers counts only afterwards (RFC 3207 §4.2,
 * RFC 9051 §6.2.1, RFC 2595 §4), so `tls` comes after `greeting` and covers the renewed list.
 */
export function stageOrder(protocol: Protocol, tls: MailEndpoint["tls"]): MailStage[] {
  const opening: MailStage[] = tls === "implicit" ? ["tls", "greeting"] : ["greeting", "tls"];
  const last = protocol === "smtp" ? "sender" : "mailbox";
  return ["resolve", "connect", ...opening, "token", "authenticate", last];
}

/** Where a failure happened: the same reply means another thing in another stage. */
export type FailureContext = {
  protocol: Protocol;
  stage: MailStage;
} & Presented;

// Where silence means something before the whole deadline is over. The other stages have only
// the whole deadline.
export const STAGE_LIMIT_MS: Partial<Record<MailStage, number>> = {
  resolve: 5 * SECOND_MS,
  connect: 10 * SECOND_MS,
  tls: 10 * SECOND_MS,
  greeting: 15 * SECOND_MS,
};

export const TIMEOUT_REMEDY: Partial<Record<MailStage, MailRemedyId>> = {
  resolve: "dns.timeout",
  connect: "tcp.timeout",
  tls: "tls.timeout",
  greeting: "mail.no_greeting",
};
