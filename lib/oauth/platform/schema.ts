import type { Protocol } from "@/lib/egress/protocols/schema";
import type { MailHosts } from "@/lib/egress/schema";

/** Shared with the browser; servers use `OAuthService` (lib/oauth/service.ts). */
export type Platform = {
  label: string;
  brand: string;
  redirectRefusal: string;
  /** Null where nothing can be granted in parts. */
  missingGrant: string | null;
  secretExpiryHint: string;
  /** For secrets without an end: texts for the day of replacement. */
  endlessSecrets: { effect: string; step: string; reminder: string } | null;
  mail: Readonly<Record<string, MailFacts>>;
};

export type MailFacts = {
  label: string;
  /** Where the hosts are edited. */
  hostsAt: "account" | "provider" | "service";
  /** Null where the provider's cloud names them. */
  hosts: MailHosts | null;
  /** A cloud of its platform names other hosts. */
  isInClouds: boolean;
  /** Elsewhere, a second address is an alias. */
  hasSharedMailboxes: boolean;
  /** Then a refusal may mean that a protocol is switched off. */
  hasProtocolSwitches: boolean;
  /** Its accounts can send through Microsoft Graph. */
  hasGraph: boolean;
  /** Others are opaque. */
  hasReadableTokens: boolean;
  passwordEnds: readonly PasswordEnd[];
  sending: SendingLimits;
};

/** Null: no limit, or none published. */
export type SendingLimits = {
  /** Per mailbox, at once. */
  connections: number;
  messagesPerMinute: number | null;
  recipientsPerDay: number | null;
};

/** As for the strictest known service: a refused mailbox sends nothing for minutes. */
export const UNKNOWN_SENDING_LIMITS: SendingLimits = {
  connections: 3,
  messagesPerMinute: null,
  recipientsPerDay: null,
};

export type PasswordEnd = {
  protocols: readonly Protocol[];
  /** `restricted`: only with an app password. */
  state: "ended" | "ends" | "restricted" | "unknown";
  /** ISO day; null: not announced. */
  day: string | null;
  text: string;
  source: string | null;
};

export const ALL_PROTOCOLS = ["imap", "pop3", "smtp"] as const;

/** RFC 8314 §3.3 and §7.3 */
export function usualHosts(imap: string, smtp: string, pop3: string): MailHosts {
  return {
    imap: { host: imap, port: 993, tls: "implicit" },
    smtp: { host: smtp, port: 587, tls: "starttls" },
    pop3: { host: pop3, port: 995, tls: "implicit" },
  };
}
