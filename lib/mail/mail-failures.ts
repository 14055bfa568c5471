import { findRemedy } from "@/lib/remedies/catalogue";
import type { MailRemedyId as OfServers } from "@/lib/remedies/mail";
import type { MailFailure } from "./schema";

export type MailRemedyId = OfServers | "postkey.aborted" | "postkey.unexpected";

export function mailFailure(
  remedyId: MailRemedyId,
  facts: Pick<MailFailure, "serverText" | "code"> = {},
): MailFailure {
  return { remedyId, retryable: findRemedy(remedyId).retry === "yes", ...facts };
}
