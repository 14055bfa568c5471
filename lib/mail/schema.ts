import { z } from "zod";
import { protocolSchema } from "@/lib/egress/schema";
import {
  ALL_PROTOCOLS,
  type MailHouse,
  UNKNOWN_SENDING_LIMITS,
  usualHosts,
} from "@/lib/oauth/platform/schema";
import { MODERN_MAIL, type ModernMailService } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/schema";

const PASSWORDS_ONLY = {
  isInClouds: false,
  hasSharedMailboxes: false,
  hasProtocolSwitches: false,
  hasReadableTokens: false,
  sending: UNKNOWN_SENDING_LIMITS,
} as const;

const YAHOO: MailHouse = {
  ...PASSWORDS_ONLY,
  label: "Yahoo",
  hostsAt: "service",
  hosts: usualHosts("imap.mail.yahoo.com", "smtp.mail.yahoo.com", "pop.mail.yahoo.com"),
  passwordEnds: [
    {
      protocols: ALL_PROTOCOLS,
      state: "restricted",
      day: null,
      text: "Yahoo accepts only app passwords.",
      source: "https://help.yahoo.com/kb/SLN15241.html",
    },
  ],
};

const CUSTOM: MailHouse = {
  ...PASSWORDS_ONLY,
  label: "Custom",
  hostsAt: "account",
  hosts: null,
  // An operator's own choice: Dovecot's default for one user from one address is ten, Postfix has none of a user.
  sending: { ...UNKNOWN_SENDING_LIMITS, connections: 10 },
  passwordEnds: [
    {
      protocols: ALL_PROTOCOLS,
      state: "unknown",
      day: null,
      text: "The operator of the server decides how long it accepts passwords.",
      source: null,
    },
  ],
};

export type MailService = ModernMailService | "yahoo" | "custom";

/** A house with the identity platform whose tokens its servers take; null where they take passwords only. */
type Served = MailHouse & { id: MailService; platform: ServiceId | null };

/** The houses that Postkey knows: those that sign in at an identity platform, and the others. */
const HOUSES: readonly Served[] = [
  ...MODERN_MAIL,
  { ...YAHOO, id: "yahoo", platform: null },
  { ...CUSTOM, id: "custom", platform: null },
];

export const SERVICES: readonly MailService[] = HOUSES.map(({ id }) => id);

const BY_ID = new Map(HOUSES.map((house) => [house.id, house]));

/** @throws Error for an id that is none, as of a version that knew more */
export function mailHouse(service: MailService): Served {
  const house = BY_ID.get(service);
  if (!house) throw new Error(`There is no mail service ${service}.`);
  return house;
}

const stageNameSchema = z.enum([
  "resolve",
  "connect",
  "tls",
  "greeting",
  "token",
  "authenticate",
  "mailbox",
  "sender",
]);
export type MailStage = z.infer<typeof stageNameSchema>;

/** Why a stage failed. */
const failureSchema = z.object({
  /** An entry of the error catalogue (`lib/remedies`). */
  remedyId: z.string(),
  /** Whether the same test may succeed later without a change. */
  retryable: z.boolean(),
  /** What the server said, already shortened and stripped (`safeServerText`). */
  serverText: z.string().exactOptional(),
  /** The wire's own code, e.g. `535 5.7.3`, `AUTHENTICATIONFAILED`, `ECONNREFUSED`. */
  code: z.string().exactOptional(),
});
export type MailFailure = z.infer<typeof failureSchema>;

/** What a stage found out, safe to show. Reports of before it was kept have none. */
const stageFactsSchema = z.object({
  /** What the host's name leads to, of what may be connected to. */
  addresses: z.array(z.string()).exactOptional(),
  /** What answered. */
  address: z.string().exactOptional(),
  /** As OpenSSL names it, e.g. `TLSv1.3`. */
  tlsVersion: z.string().exactOptional(),
  /** SASL mechanisms on offer, in the server's order. */
  mechanisms: z.array(z.string()).exactOptional(),
  /** In the mailbox. */
  messages: z.number().exactOptional(),
});
export type StageFacts = z.infer<typeof stageFactsSchema>;

const stageSchema = z.object({
  protocol: protocolSchema,
  stage: stageNameSchema,
  status: z.enum(["ok", "failed", "skipped"]),
  durationMs: z.number(),
  /** The facts as they are shown, with the server's welcome. */
  detail: z.string().exactOptional(),
  facts: stageFactsSchema.exactOptional(),
  failure: failureSchema.exactOptional(),
});
export type StageReport = z.infer<typeof stageSchema>;

/** One line of a conversation; lines by `postkey` report what does not appear on the wire. */
const transcriptLineSchema = z.object({
  by: z.enum(["client", "server", "postkey"]),
  /** Milliseconds since the probe began. */
  ms: z.number(),
  /** Safe to store and show: no secret, no control character, at most 300 characters. */
  text: z.string(),
});
export type TranscriptLine = z.infer<typeof transcriptLineSchema>;

export const verdictSchema = z.enum(["ok", "failed", "skipped", "aborted"]);
export type Verdict = z.infer<typeof verdictSchema>;

export const protocolReportSchema = z.object({
  protocol: protocolSchema,
  verdict: verdictSchema,
  stages: z.array(stageSchema),
  totalMs: z.number(),
  failure: failureSchema.exactOptional(),
  /** The name that the server took; safe to show. */
  user: z.string().exactOptional(),
  /** What was said, without secrets; absent when nothing was, and in reports of before it was kept. */
  transcript: z.array(transcriptLineSchema).exactOptional(),
});
export type ProtocolReport = z.infer<typeof protocolReportSchema>;

/** One requirement for a token, in words: what a mail server needs, beside what the token has. */
export type TokenNeed = { what: string; needs: string; has: string; isMet: boolean };
