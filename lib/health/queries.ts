import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "@/lib/actor";
import { pool } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { findLock } from "@/lib/keys/store";
import { type Health, type KeeperHealth, overallStatus } from "./schema";

const DEADLINE_MS = 2_000;
const SILENT_AFTER_SECONDS = 30;

/** Whether the database answers, soon: a load balancer does not wait for the pool's own deadline. */
export async function isDatabaseAnswering(): Promise<boolean> {
  return (await askDatabase("SELECT 1").catch(() => null)) !== null;
}

/**
 * The verdict of each part on its own. Anybody who was authenticated may ask.
 * @throws AppError temporarily_unavailable when the database does not answer
 */
export async function readHealth(_actor: Actor): Promise<Health> {
  const startedAt = performance.now();
  await askDatabase("SELECT 1");
  const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
  const [lock, keeper] = await Promise.all([findLock(), readKeeper()]);
  const parts = {
    web: lock ? { status: "locked" as const, reason: lock } : { status: "ok" as const },
    keeper,
    database: { status: "ok" as const, latencyMs },
  };
  return { status: overallStatus(parts), ...parts };
}

async function readKeeper(): Promise<KeeperHealth> {
  const [row] = await askDatabase<{ running: number; lastBeatAt: Date | null }>(
    `SELECT count(*) FILTER (WHERE "beatAt" > now() - interval '${SILENT_AFTER_SECONDS} s')::int AS running,
      max("beatAt") AS "lastBeatAt" FROM "KeeperHeartbeat"`,
  );
  const { running = 0, lastBeatAt = null } = row ?? {};
  return { status: running > 0 ? "ok" : "not_running", running, lastBeatAt };
}

async function askDatabase<R extends object>(sql: string): Promise<R[]> {
  const tooLate = new AbortController();
  const deadline = sleep(DEADLINE_MS, undefined, tooLate).then(() => {
    throw new AppError("temporarily_unavailable", "The database does not answer.");
  });
  try {
    return (await Promise.race([pool().query<R>(sql), deadline])).rows;
  } finally {
    deadline.catch(() => {});
    tooLate.abort();
  }
}
