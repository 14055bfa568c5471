import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { expect, test } from "vitest";
import { queryOnce, withPostgresFolder } from "@/lib/testing/postgres-folder";
import { keepPostgres } from "./embedded-postgres.mjs";

const { folder, lockedBy } = withPostgresFolder();

const PATIENCE = { timeout: 30_000, interval: 100 };

test("a server that was killed is waited for while a process of it still holds its memory", async () => {
  const server = await keepPostgres(folder());
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
  await expect(queryOnce(server.url, "SELECT 1")).rejects.toThrow();
  process.kill(backend, "SIGKILL");
  await expect
    .poll(() => queryOnce(server.url, "SELECT 1 AS one").catch(() => []), PATIENCE)
    .toEqual([{ one: 1 }]);
  expect(lockedBy()).not.toBe(killed);
  await client.end().catch(() => {});
  await server.stop();
}, 60_000);
