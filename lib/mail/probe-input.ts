import type { MailTls } from "@/lib/egress/mail-tls";
import type { EgressPolicy } from "@/lib/egress/policy";
import type { MailEndpoint } from "@/lib/egress/schema";
import type { MailCredential } from "./credential";
import type { StageReport } from "./schema";

/** What a probe is to try, and with what. */
export type ProbeInput = {
  endpoint: MailEndpoint;
  /**
   * Called once, when the server is known to speak the protocol (stage `token`). It may reject
   * with a ProbeFailure or an AppError, which becomes the failure of that stage.
   */
  credential: () => Promise<MailCredential>;
  /** SMTP: the address that is offered as MAIL FROM. Nothing is ever sent. */
  sender?: string;
  /** Aborted when the result is no longer wanted; closes the connection at once. */
  signal: AbortSignal;
  /** For the whole probe, in milliseconds. */
  deadlineMs?: number;
  egress: EgressPolicy;
  tls: MailTls;
  /** Called as each stage ends; must not throw. */
  onStage: (stage: StageReport) => void;
};
