import type { GatewayHealth } from "@/lib/access/devices/gateways/schema";

export type KeeperHealth = {
  status: "ok" | "not_running";
  running: number;
  lastBeatAt: Date | null;
};

/** Retry-After of an identity platform. */
export type PlatformPause = {
  authority: string;
  tenantId: string;
  clientId: string;
  /** When Postkey asks again, and the platform's wish. */
  until: Date;
  askedUntil: Date | null;
  lapsedTokens: number;
};

export type PlatformHealth = {
  /** `lapsed`: a token expired during the wait. */
  status: "ok" | "waiting" | "lapsed";
  pauses: PlatformPause[];
};

export type Health = {
  /** `degraded`: this process serves; something else needs a person. */
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
