import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepPostgres } from "./embedded-postgres.mjs";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "postkey-pg-"));
  // PostgreSQL does not run as root: its own user has to be able to enter.
  chmodSync(folder, 0o711);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PATIENCE = { timeout: 30_000, interval: 100 };

const lockFile = () => join(folder, "data", "postmaster.pid");
const lockedBy = () => Number(readFileSync(lockFile(), "utf8").split("\n")[0]);

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

test("a server that was killed is waited for while a process of it still holds its memory", async () => {
  const server = await keepPostgres(folder);
  const client = new Client({ connectionString: server.url });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  const backend = Number(rows[0].pid);
  const killed = lockedBy();
  process.kill(backend, "SIGSTOP");
  process.kill(killed, "SIGKILL");
  await sleep(2_000);
  // Refused for as long as that process is there, and its lock is still in its place.
  expect(lockedBy()).toBe(killed);
  await expect(query(server.url, "SELECT 1")).rejects.toThrow();
  process.kill(backend, "SIGKILL");
  await expect
    .poll(() => query(server.url, "SELECT 1 AS one").catch(() => []), PATIENCE)
    .toEqual([{ one: 1 }]);
  expect(lockedBy()).not.toBe(killed);
  await client.end().catch(() => {});
  await server.stop();
}, 60_000);
