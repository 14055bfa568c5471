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

const failureSchema = z.object({
  /** In the error catalogue (`lib/remedies`). */
  remedyId: z.string(),
  retryable: z.boolean(),
  /** Through `safeServerText`. */
  serverText: z.string().exactOptional(),
  /** `535 5.7.3`, `AUTHENTICATIONFAILED`, `ECONNREFUSED` */
  code: z.string().exactOptional(),
});
export type MailFailure = z.infer<typeof failureSchema>;

/** Safe to show; older reports have none. */
const stageFactsSchema = z.object({
  host: z.string().exactOptional(),
  port: z.number().int().exactOptional(),
  addresses: z.array(z.string()).exactOptional(),
  address: z.string().exactOptional(),
  /** OpenSSL's name, for example `TLSv1.3`. */
  tlsVersion: z.string().exactOptional(),
  /** In the server's order. */
  mechanisms: z.array(z.string()).exactOptional(),
  messages: z.number().exactOptional(),
});
export type StageFacts = z.infer<typeof stageFactsSchema>;

const stageSchema = z.object({
  protocol: protocolSchema,
  stage: stageNameSchema,
  status: z.enum(["ok", "failed", "skipped"]),
  durationMs: z.number(),
  detail: z.string().exactOptional(),
  facts: stageFactsSchema.exactOptional(),
  failure: failureSchema.exactOptional(),
});
export type StageReport = z.infer<typeof stageSchema>;

const transcriptLineSchema = z.object({
  by: z.enum(["client", "server", "postkey"]),
  ms: z.number(),
  /** No secrets or controls, at most 300 characters. */
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
  /** The one the server took. */
  user: z.string().exactOptional(),
  /** Without secrets; absent in older reports. */
  transcript: z.array(transcriptLineSchema).exactOptional(),
});
export type ProtocolReport = z.infer<typeof protocolReportSchema>;

/** All parts are words for people. */
export type TokenNeed = { what: string; needs: string; has: string; isMet: boolean };
