import { z } from "zod";
import { gatewayHealthSchema } from "@/lib/access/devices/gateways/schema";
import { countSchema, timestampSchema } from "@/lib/kernel/fields/schema";

/** A wait that an identity platform asked for (Retry-After). */
const pauseSchema = z.object({
  authority: z.string(),
  tenantId: z.string(),
  clientId: z.string(),
  until: timestampSchema.describe("When Postkey asks again."),
  askedUntil: timestampSchema.nullable().describe("Until when it was asked to wait."),
  lapsedTokens: countSchema,
});

export const healthSchema = z.object({
  status: z.enum(["ok", "degraded"]),
  web: z.object({ status: z.enum(["ok", "locked"]), reason: z.string().optional() }),
  keeper: z.object({
    status: z.enum(["ok", "not_running"]),
    running: countSchema,
    lastBeatAt: timestampSchema.nullable(),
  }),
  gateway: gatewayHealthSchema.describe("Gateways that serve devices."),
  database: z.object({ status: z.literal("ok"), latencyMs: z.number() }),
  identityPlatforms: z.object({
    status: z
      .enum(["ok", "waiting", "lapsed"])
      .describe(
        "`waiting`: a platform asked Postkey to pause requests. `lapsed`: a token expired.",
      ),
    pauses: z.array(pauseSchema),
  }),
});
export type Health = z.input<typeof healthSchema>;
export type KeeperHealth = Health["keeper"];
export type PlatformHealth = Health["identityPlatforms"];

export function overallStatus(parts: Omit<Health, "status">): Health["status"] {
  const isGood = [parts.web, parts.keeper, parts.database].every(({ status }) => status === "ok");
  if (parts.gateway.status === "not_running") return "degraded";
  // Waiting costs nothing until a token expires.
  return isGood && parts.identityPlatforms.status !== "lapsed" ? "ok" : "degraded";
}
