import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { keepPostgres, startPostgres } from "./embedded-postgres.mjs";
import { isAlive } from "./process-identity.mjs";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "postkey-pg-"));
  // PostgreSQL does not run as root: its own user has to be able to enter.
  chmodSync(folder, 0o711);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

/** Another process that starts or joins the server, and leaves it when its input ends. */
async function otherUser(): Promise<{ child: ChildProcess; url: string }> {
  const code = `
    import { startPostgres } from "./scripts/embedded-postgres.mjs";
    const server = await startPostgres(process.argv[1]);
    console.log(server.url);
    process.stdin.once("end", async () => { await server.stop(); process.exit(0); }).resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  return { child, url: String(line).trim() };
}

describe("the server of a folder", () => {
  test("stays as long as anybody uses it, whoever started it", async () => {
    const { child, url } = await otherUser();
    const second = await startPostgres(folder);
    expect(second.started).toBe(false);
    const left = once(child, "exit");
    child.stdin?.end();
    await left;
    expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await second.stop();
    expect(isAlive(second.pid)).toBe(false);
  });

  test("is not kept up by a user that was killed", async () => {
    const { child } = await otherUser();
    const second = await startPostgres(folder);
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    await second.stop();
    expect(isAlive(second.pid)).toBe(false);
  });

  test("is started once by those who want it at the same time", async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startPostgres(folder)));
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
    expect(servers.filter(({ started }) => started)).toHaveLength(1);
    await Promise.all(servers.map((server) => server.stop()));
    expect(isAlive(servers[0]?.pid ?? 0)).toBe(false);
  });
});

describe("a server that is killed", () => {
  test("is started again on the same port, and has every write that it acknowledged", async () => {
    const lines: string[] = [];
    const server = await keepPostgres(folder, { onLine: (line) => lines.push(line) });
    await query(server.url, "CREATE TABLE IF NOT EXISTS kept (id int PRIMARY KEY)");
    const acknowledged: number[] = [];
    for (const round of [1, 2, 3]) {
      await query(server.url, `INSERT INTO kept VALUES (${round})`);
      acknowledged.push(round);
      process.kill(lockedBy(), "SIGKILL");
      const startedAt = Date.now();
      await vi.waitFor(() => query(server.url, "SELECT 1"), { timeout: 15_000, interval: 100 });
      expect(Date.now() - startedAt).toBeLessThan(10_000);
      const rows = await query(server.url, "SELECT id FROM kept ORDER BY id");
      expect(rows.map(({ id }) => id)).toEqual(acknowledged);
    }
    expect(lines.filter((line) => line.includes("runs again"))).toHaveLength(3);
    await server.stop();
  }, 60_000);

  test("is waited for while a process of it still holds its memory", async () => {
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
    await vi.waitFor(() => query(server.url, "SELECT 1"), { timeout: 15_000, interval: 100 });
    expect(lockedBy()).not.toBe(killed);
    await client.end().catch(() => {});
    await server.stop();
  }, 60_000);
});

describe.runIf(process.platform === "linux")("a lock file whose process id is another's", () => {
  test("is cleared, because nobody works in the folder", async () => {
    const server = await startPostgres(folder);
    const lock = readFileSync(lockFile(), "utf8");
    await server.stop();
    // As after a reboot: the id belongs to this test now.
    writeFileSync(lockFile(), lock.replace(/^\d+/, String(process.pid)));
    const again = await startPostgres(folder);
    expect(again.started).toBe(true);
    await again.stop();
    expect(existsSync(lockFile())).toBe(false);
  }, 60_000);

  test("stays while a process of the old server is left", async () => {
    const server = await startPostgres(folder);
    const client = new Client({ connectionString: server.url });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    const backend = Number(rows[0].pid);
    process.kill(backend, "SIGSTOP");
    process.kill(server.pid, "SIGKILL");
    await vi.waitFor(() => expect(isAlive(server.pid)).toBe(false), 5_000);
    const lock = readFileSync(lockFile(), "utf8").replace(/^\d+/, String(process.pid));
    writeFileSync(lockFile(), lock);
    const starting = startPostgres(folder);
    await sleep(1_500);
    expect(readFileSync(lockFile(), "utf8")).toBe(lock);
    process.kill(backend, "SIGKILL");
    const again = await starting;
    expect(again.started).toBe(true);
    await client.end().catch(() => {});
    await server.stop();
    await again.stop();
  }, 60_000);
});
