import { z } from "zod";
import { gatewayHealthSchema } from "@/lib/devices/gateways/schema";
import * as is from "@/lib/kernel/answers/schema";

/** A wait that an identity platform asked for (Retry-After). */
const pauseSchema = z.object({
  authority: is.text.describe("The platform."),
  tenantId: is.text.describe("The tenant that it asked for."),
  clientId: is.text.describe("The application that it asked for."),
  until: is.time.describe("When Postkey asks again."),
  askedUntil: is.maybeTime.describe("Until when it was asked to wait."),
  lapsedTokens: is.count.describe("Tokens that expired during the pause."),
});

export const healthSchema = z.object({
  status: z.enum(["ok", "degraded"]),
  version: is.text.describe("The release of Postkey that this process runs."),
  web: z
    .object({
      status: z.enum(["ok", "locked"]),
      reason: z.string().optional().describe("Why it is locked."),
    })
    .describe("This process."),
  keeper: z
    .object({
      status: z.enum(["ok", "not_running"]),
      running: is.count.describe("Number of running processes."),
      lastBeatAt: is.maybeTime.describe("When one of them last reported that it is running."),
    })
    .describe("The processes that renew tokens and test by schedule."),
  gateway: gatewayHealthSchema.describe("Gateways that serve devices."),
  database: z
    .object({
      status: z.literal("ok"),
      latencyMs: z.number().describe("Duration of a query, in milliseconds."),
    })
    .describe("The database."),
  identityPlatforms: z
    .object({
      status: z
        .enum(["ok", "waiting", "lapsed"])
        .describe(
          "`waiting`: a platform asked Postkey to pause requests. `lapsed`: a token expired.",
        ),
      pauses: z.array(pauseSchema).describe("Platforms that asked Postkey to wait."),
    })
    .describe("The platforms that give the tokens."),
});
export type Health = z.input<typeof healthSchema>;
export type KeeperHealth = Health["keeper"];
export type PlatformHealth = Health["identityPlatforms"];

export function overallStatus(parts: Omit<Health, "status" | "version">): Health["status"] {
  const isGood = [parts.web, parts.keeper, parts.database].every(({ status }) => status === "ok");
  if (parts.gateway.status === "not_running") return "degraded";
  // Waiting costs nothing until a token expires.
  return isGood && parts.identityPlatforms.status !== "lapsed" ? "ok" : "degraded";
}
