import { z } from "zod";
import { protocolSchema } from "@/lib/egress/schema";
import { words } from "@/lib/kernel/words";

const stageNameSchema = z.enum(
  words("resolve connect tls greeting token authenticate mailbox sender"),
);
export type MailStage = z.infer<typeof stageNameSchema>;

const failureSchema = z.object({
  remedyId: z.string(),
  retryable: z.boolean().describe("`true` if the same test may succeed later without a change."),
  serverText: z.string().exactOptional().describe("The server's response, shortened."),
  code: z
    .string()
    .exactOptional()
    .describe("The code of the server or of the system, such as `535 5.7.3`."),
});
export type MailFailure = z.infer<typeof failureSchema>;

/** Safe to show; older reports have none. */
const stageFactsSchema = z.object({
  host: z.string().exactOptional().describe("The host that was looked up."),
  port: z.number().int().exactOptional().describe("The port to connect to at this host."),
  addresses: z
    .array(z.string())
    .exactOptional()
    .describe("The network addresses that the host's name leads to."),
  address: z.string().exactOptional().describe("The network address that answered."),
  tlsVersion: z.string().exactOptional(),
  mechanisms: z
    .array(z.string())
    .exactOptional()
    .describe("The SASL mechanisms on offer, in the server's order."),
  messages: z.number().exactOptional().describe("Number of messages in the mailbox."),
});
export type StageFacts = z.infer<typeof stageFactsSchema>;

const stageSchema = z.object({
  protocol: protocolSchema,
  stage: stageNameSchema.describe("The name of the stage."),
  status: z.enum(["ok", "failed", "skipped"]).describe("The result of the stage."),
  durationMs: z.number().describe("Duration in milliseconds."),
  detail: z.string().exactOptional().describe("The findings of the stage, in plain English."),
  facts: stageFactsSchema.exactOptional().describe("The findings of the stage, as values."),
  failure: failureSchema
    .exactOptional()
    .describe("The cause of the failure. Absent if there was none."),
});
export type StageReport = z.infer<typeof stageSchema>;

const transcriptLineSchema = z.object({
  by: z.enum(["client", "server", "postkey"]).describe("The side that sent the line."),
  ms: z.number().describe("Milliseconds since the test of this protocol began."),
  /** No secrets or controls, at most 300 characters. */
  text: z.string(),
});
export type TranscriptLine = z.infer<typeof transcriptLineSchema>;

export const verdictSchema = z.enum(["ok", "failed", "skipped", "aborted"]);
export type Verdict = z.infer<typeof verdictSchema>;

export const protocolReportSchema = z.object({
  protocol: protocolSchema,
  through: z
    .literal("graph")
    .exactOptional()
    .describe(
      "Present where mail is sent or read through Microsoft Graph instead of this protocol.",
    ),
  verdict: verdictSchema.describe(
    "The overall result. `skipped`: the account has no server for this protocol.",
  ),
  stages: z.array(stageSchema).describe("The stages, in their order."),
  totalMs: z.number().describe("Duration of all stages, in milliseconds."),
  failure: failureSchema.exactOptional(),
  user: z.string().exactOptional().describe("The user name that the server accepted."),
  transcript: z
    .array(transcriptLineSchema)
    .exactOptional()
    .describe("The lines that both sides sent, without secrets."),
});
export type ProtocolReport = z.infer<typeof protocolReportSchema>;

/** All parts are words for people. */
export type TokenNeed = { what: string; needs: string; has: string; isMet: boolean };
