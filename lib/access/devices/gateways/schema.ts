import { z } from "zod";
import { countSchema, timestampSchema } from "@/lib/kernel/fields/schema";

/** A gateway that serves devices. */
const gatewaySchema = z.object({
  id: z.uuid(),
  host: z.string().describe("The name of its machine."),
  startedAt: timestampSchema,
  lastSeenAt: timestampSchema,
  listeners: z.array(z.string()).describe("Such as `imaps://0.0.0.0:993`."),
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
  running: countSchema,
  lastSeenAt: timestampSchema.nullable(),
  gateways: z.array(gatewaySchema),
});
export type GatewayHealth = z.input<typeof gatewayHealthSchema>;
