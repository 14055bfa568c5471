import type { StageReport } from "@/lib/mail/schema";

export const STAGE_LABELS: Readonly<Record<StageReport["stage"], string>> = {
  resolve: "Find the host",
  connect: "Connect",
  tls: "Secure the connection",
  greeting: "Greeting and capabilities",
  token: "Get the credential",
  authenticate: "Sign in",
  mailbox: "Open the mailbox",
  sender: "Accept the sender",
};
