import type { MailTls } from "@/lib/egress/mail-tls";
import type { EgressPolicy } from "@/lib/egress/policy";
import type { MailEndpoint } from "@/lib/egress/schema";
import type { MailCredential } from "./credential";
import type { StageReport } from "./schema";

export type ProbeInput = {
  endpoint: MailEndpoint;
  /** Called once, in stage `token`; may reject with ProbeFailure or AppError. */
  credential: () => Promise<MailCredential>;
  /** SMTP: for MAIL FROM; nothing is sent. */
  sender?: string;
  /** Closes the connection at once. */
  signal: AbortSignal;
  deadlineMs?: number;
  egress: EgressPolicy;
  tls: MailTls;
  /** Must not throw. */
  onStage: (stage: StageReport) => void;
};
