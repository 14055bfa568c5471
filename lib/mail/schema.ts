import { z } from "zod";
import { protocolSchema } from "@/lib/egress/schema";

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
  /** The host that was looked up, and the port to connect to there. */
  host: z.string().exactOptional(),
  port: z.number().int().exactOptional(),
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
