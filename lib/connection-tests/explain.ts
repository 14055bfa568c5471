import "server-only";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { ExplainedProtocol, ProtocolReport } from "./schema";

/** Adds what the error catalogue says about a protocol's failure, with the mailbox filled in. */
export function explainProtocol(report: ProtocolReport, mailbox: string): ExplainedProtocol {
  if (!report.failure) return report;
  return { ...report, remedy: fillRemedy(findRemedy(report.failure.remedyId), { mailbox }) };
}
