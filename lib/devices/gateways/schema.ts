import { z } from "zod";
import * as is from "@/lib/kernel/answers/schema";

const gatewaySchema = z.object({
  id: is.id,
  host: is.text.describe("The name of its machine."),
  startedAt: is.time.describe("When it was started."),
  lastSeenAt: is.time,
  listeners: is.texts.describe("Such as `imaps://0.0.0.0:993`."),
  places: z
    .object({ imap: z.number(), pop3: z.number(), smtp: z.number() })
    .describe("Connections to the servers of accounts that it holds."),
});
export type GatewayRow = z.input<typeof gatewaySchema>;

export const gatewayHealthSchema = z.object({
  status: z
    .enum(["ok", "not_running", "not_needed"])
    .describe(
      "`not_running`: devices need a gateway, and none was seen for a minute. `not_needed`: nothing listens for devices, and none was used for 30 days.",
    ),
  running: is.count,
  lastSeenAt: is.maybeTime,
  gateways: z
    .array(gatewaySchema)
    .describe(
      "Each of them, the oldest first. Empty without the permission devices:read; one of an earlier version is counted and not listed.",
    ),
});
export type GatewayHealth = z.input<typeof gatewayHealthSchema>;
