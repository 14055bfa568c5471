import type { Protocol } from "@/lib/egress/protocols/schema";
import type { MailEndpoint } from "@/lib/egress/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import type { Presented } from "./credential";
import type { MailRemedyId } from "./probe-failure";
import type { MailStage } from "./schema";

/** With STARTTLS, offers count only after TLS (RFC 3207 §4.2, RFC 9051 §6.2.1, RFC 2595 §4). */
export function stageOrder(protocol: Protocol, tls: MailEndpoint["tls"]): MailStage[] {
  const opening: MailStage[] = tls === "implicit" ? ["tls", "greeting"] : ["greeting", "tls"];
  const last = protocol === "smtp" ? "sender" : "mailbox";
  return ["resolve", "connect", ...opening, "token", "authenticate", last];
}

export type FailureContext = { protocol: Protocol; stage: MailStage } & Presented;

// Where silence has a meaning of its own; other stages have the whole deadline.
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
