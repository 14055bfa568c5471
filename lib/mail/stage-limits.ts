import { SECOND_MS } from "@/lib/kernel/clock";
import type { MailRemedyId } from "./mail-failures";
import type { MailStage } from "./schema";

// Where silence means something before the whole deadline is over. The other stages have only
// the whole deadline.
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
