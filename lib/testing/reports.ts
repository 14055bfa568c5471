import type { ProtocolReport } from "@/lib/checks/schema";
import { protocolSchema } from "@/lib/egress/schema";
import type { MailStage } from "@/lib/mail/schema";
import { findRemedy } from "@/lib/remedies/catalogue";

/**
 * Reports of connection tests in words: `imap=ok`, or where and why it failed, as in `smtp=authenticate:graph.busy`.
 * `imap+` is reading through Microsoft Graph, and `(404)` the code of an answer.
 */
export function reportsOf(text: string): ProtocolReport[] {
  return text.split(" ").map((each) => {
    const [, protocol, graph, outcome = ""] = /^(\w+)(\+?)=(.+)$/.exec(each) ?? [];
    const through = graph ? ({ through: "graph" } as const) : {};
    const of = { protocol: protocolSchema.parse(protocol), totalMs: 1, ...through };
    if (outcome === "ok") return { ...of, verdict: "ok", stages: [] };
    const [, stage, remedyId = "", code] = /^(\w+):([\w.]+)(?:\((\d+)\))?$/.exec(outcome) ?? [];
    const retryable = findRemedy(remedyId).retry === "yes";
    const failure = { remedyId, retryable, ...(code && { code }) };
    const failed = { protocol: of.protocol, stage: stage as MailStage, status: "failed" } as const;
    return { ...of, verdict: "failed", stages: [{ ...failed, durationMs: 1, failure }], failure };
  });
}
