import { setTimeout as sleep } from "node:timers/promises";
import { readGatewayHealth } from "@/lib/devices/gateways/queries";
import { findLock } from "@/lib/installation/keys/store";
import type { Actor } from "@/lib/kernel/actor";
import { pool } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { IS_ALIVE, liesAhead } from "@/lib/kernel/heartbeat";
import { VERSION } from "@/lib/kernel/version";
import { listPauses } from "@/lib/registrations/pauses/store";
import { type Health, type KeeperHealth, overallStatus, type PlatformHealth } from "./schema";

const DEADLINE_MS = 2_000;

/** A load balancer does not wait for the pool's own timeout. */
export async function isDatabaseAnswering(): Promise<boolean> {
  return (await askDatabase("SELECT 1").catch(() => null)) !== null;
}

/**
 * @throws AppError temporarily_unavailable
 * @permission none: open to every authenticated caller.
 */
export async function readHealth(actor: Actor): Promise<Health> {
  const startedAt = performance.now();
  await askDatabase("SELECT 1");
  const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
  const [lock, keeper, gateway, identityPlatforms] = await Promise.all([
    findLock(),
    readKeeper(),
    inTime(readGatewayHealth(actor)),
    readPlatforms(),
  ]);
  const parts = {
    web: lock ? { status: "locked" as const, reason: lock } : { status: "ok" as const },
    keeper,
    gateway,
    database: { status: "ok" as const, latencyMs },
    identityPlatforms,
  };
  return { status: overallStatus(parts), version: VERSION, ...parts };
}

async function readKeeper(): Promise<KeeperHealth> {
  const [row] = await askDatabase<{ running: number; lastBeatAt: Date | null }>(
    `SELECT count(*) FILTER (WHERE ${IS_ALIVE})::int AS running,
      max("beatAt") FILTER (WHERE NOT ${liesAhead('"beatAt"')}) AS "lastBeatAt" FROM "KeeperHeartbeat"`,
  );
  const { running = 0, lastBeatAt = null } = row ?? {};
  return { status: running > 0 ? "ok" : "not_running", running, lastBeatAt };
}

async function readPlatforms(): Promise<PlatformHealth> {
  const pauses = (await inTime(listPauses())).map(({ reason: _reason, ...pause }) => pause);
  if (pauses.length === 0) return { status: "ok", pauses };
  const isLapsed = pauses.some(({ lapsedTokens }) => lapsedTokens > 0);
  return { status: isLapsed ? "lapsed" : "waiting", pauses };
}

async function askDatabase<R extends object>(sql: string): Promise<R[]> {
  return (await inTime(pool().query<R>(sql))).rows;
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const deadline = sleep(DEADLINE_MS, undefined, { ref: false }).then(() => {
    throw new AppError("temporarily_unavailable", "The database is not responding.", {
      retryAfterSeconds: 5,
    });
  });
  return Promise.race([answer, deadline]);
}
