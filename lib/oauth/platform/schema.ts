import type { MailHosts, Protocol } from "@/lib/egress/schema";

/**
 * What forms, lists and statements have to know of an identity platform, without its code: the browser has
 * this too. What only servers need is `OAuthService` (lib/oauth/service.ts).
 */
export type Platform = {
  /** As people choose it. */
  label: string;
  /** The usual name of the platform at which people sign in. */
  brand: string;
  /** What its own page shows where it does not know the redirect URI: then no one is sent back. */
  redirectRefusal: string;
  /** What to do after a sign-in that was granted a part of what mail needs; null where there are no parts. */
  missingGrant: string | null;
  /** What to know when the end of a client secret is entered. */
  secretExpiryHint: string;
  /**
   * Null where client secrets end by themselves. Otherwise the day of one is when to replace it, and
   * these say how: a sentence each.
   */
  endlessSecrets: {
    /** What happens otherwise. */
    effect: string;
    step: string;
    /** The same for a letter, with the place of each part. */
    reminder: string;
  } | null;
  /** The mail services whose servers take its tokens, by their ids. */
  mail: Readonly<Record<string, MailHouse>>;
};

/** A house that serves mail, as far as houses differ. */
export type MailHouse = {
  label: string;
  /** Where the hosts of its accounts are set: with a provider or an account, where they can be edited. */
  hostsAt: "account" | "provider" | "service";
  /** Hosts that are the same everywhere; null where the cloud of the provider says them. */
  hosts: MailHosts | null;
  /** Whether a cloud of its platform says other hosts than these. */
  isInClouds: boolean;
  /**
   * Whether several people may open a mailbox, each with a sign-in of their own, so that it has another name
   * than theirs. Elsewhere another address is an alias.
   */
  hasSharedMailboxes: boolean;
  /** Whether administrators switch protocols off for a mailbox: a refusal may mean that. */
  hasProtocolSwitches: boolean;
  /** Whether its access tokens say what they are good for; others are opaque. */
  hasReadableTokens: boolean;
  /** What becomes of accounts that sign in with a password, by protocol. */
  passwordEnds: readonly PasswordEnd[];
  /** What a mailbox may send. */
  sending: SendingLimits;
};

/** More is delayed or refused by the house: null where it has no such limit, or names none. */
export type SendingLimits = {
  /** SMTP connections of one mailbox at once. */
  connections: number;
  messagesPerMinute: number | null;
  recipientsPerDay: number | null;
};

/**
 * Of a house that publishes none. Nothing tells how many connections it allows: as many as the strictest house whose
 * number is known, because a mailbox that is refused sends nothing for minutes.
 */
export const UNKNOWN_SENDING_LIMITS: SendingLimits = {
  connections: 3,
  messagesPerMinute: null,
  recipientsPerDay: null,
};

/** What becomes of passwords at a service, and from which day on. */
export type PasswordEnd = {
  protocols: readonly Protocol[];
  /** `restricted`: only with a password made for the purpose. */
  state: "ended" | "ends" | "restricted" | "unknown";
  /** ISO day; null where none was announced. */
  day: string | null;
  text: string;
  /** The page that says so. */
  source: string | null;
};

export const ALL_PROTOCOLS = ["imap", "pop3", "smtp"] as const;

/** Hosts with the usual ports: RFC 8314 §3.3 and §7.3. */
export function usualHosts(imap: string, smtp: string, pop3: string): MailHosts {
  return {
    imap: { host: imap, port: 993, tls: "implicit" },
    smtp: { host: smtp, port: 587, tls: "starttls" },
    pop3: { host: pop3, port: 995, tls: "implicit" },
  };
}
