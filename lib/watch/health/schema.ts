import type { GatewayHealth } from "@/lib/access/devices/gateways/schema";

export type KeeperHealth = {
  status: "ok" | "not_running";
  /** Keepers that gave a sign of life lately. */
  running: number;
  lastBeatAt: Date | null;
};

/** A wait that an identity platform asked for (Retry-After). */
export type PlatformPause = {
  authority: string;
  tenantId: string;
  clientId: string;
  /** When Postkey asks again, and until when it was asked to wait. */
  until: Date;
  askedUntil: Date | null;
  /** Access tokens that ran out meanwhile. */
  lapsedTokens: number;
};

export type PlatformHealth = {
  /** `lapsed`: a token has expired while Postkey waits. */
  status: "ok" | "waiting" | "lapsed";
  pauses: PlatformPause[];
};

export type Health = {
  /** `degraded`: this process serves, and something else needs a person. */
  status: "ok" | "degraded";
  web: { status: "ok" } | { status: "locked"; reason: string };
  keeper: KeeperHealth;
  gateway: GatewayHealth;
  database: { status: "ok"; latencyMs: number };
  identityPlatforms: PlatformHealth;
};

export function overallStatus(parts: Omit<Health, "status">): Health["status"] {
  const isGood = [parts.web, parts.keeper, parts.database].every(({ status }) => status === "ok");
  if (parts.gateway.status === "not_running") return "degraded";
  // Waiting costs nothing until a token expires.
  return isGood && parts.identityPlatforms.status !== "lapsed" ? "ok" : "degraded";
}
