export type KeeperHealth = {
  status: "ok" | "not_running";
  /** Keepers that gave a sign of life lately. */
  running: number;
  lastBeatAt: Date | null;
};

export type Health = {
  /** `degraded`: this process serves, and something else needs a person. */
  status: "ok" | "degraded";
  web: { status: "ok" } | { status: "locked"; reason: string };
  keeper: KeeperHealth;
  database: { status: "ok"; latencyMs: number };
};

export function overallStatus(parts: Omit<Health, "status">): Health["status"] {
  const isGood = [parts.web, parts.keeper, parts.database].every(({ status }) => status === "ok");
  return isGood ? "ok" : "degraded";
}
