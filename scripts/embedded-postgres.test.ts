import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { queryOnce, withPostgresFolder } from "@/lib/testing/postgres-folder";
import { keepPostgres, startPostgres } from "./embedded-postgres.mjs";
import { isAlive } from "./postgres-data.mjs";

const { folder, lockFile, lockedBy } = withPostgresFolder();

/** A server that is started again recovers first. */
const PATIENCE = { timeout: 30_000, interval: 100 };

/** Another process that starts or joins the server, and leaves it when its input ends. */
async function otherUser(): Promise<{ child: ChildProcess; url: string }> {
  const code = `
    import { startPostgres } from "./scripts/embedded-postgres.mjs";
    const server = await startPostgres(process.argv[1]);
    console.log(server.url);
    process.stdin.once("end", async () => { await server.stop(); process.exit(0); }).resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, folder()], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  return { child, url: String(line).trim() };
}

test("the server of a folder stays as long as anyone uses it, and a killed user keeps it no longer", async () => {
  const [leaving, killed] = [await otherUser(), await otherUser()];
  const ours = await startPostgres(folder());
  expect(ours.started).toBe(false);
  const gone = [leaving, killed].map(({ child }) => once(child, "exit"));
  leaving.child.stdin?.end();
  killed.child.kill("SIGKILL");
  await Promise.all(gone);
  expect(await queryOnce(leaving.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await ours.stop();
  expect(isAlive(ours.pid)).toBe(false);
}, 60_000);

test("the server of a folder is started once by those who want it at the same time", async () => {
  const servers = await Promise.all([1, 2, 3].map(() => startPostgres(folder())));
  expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
  expect(servers.filter(({ started }) => started)).toHaveLength(1);
  await Promise.all(servers.map((server) => server.stop()));
  expect(isAlive(servers[0]?.pid ?? 0)).toBe(false);
}, 60_000);

test("a server that is killed is started again on the same port, with every write that it acknowledged", async () => {
  const lines: string[] = [];
  const server = await keepPostgres(folder(), { onLine: (line) => lines.push(line) });
  await queryOnce(server.url, "CREATE TABLE kept (id int PRIMARY KEY)");
  await queryOnce(server.url, "INSERT INTO kept VALUES (1)");
  process.kill(lockedBy(), "SIGKILL");
  const rows = () => queryOnce(server.url, "SELECT id FROM kept").catch(() => []);
  await expect.poll(rows, PATIENCE).toEqual([{ id: 1 }]);
  expect(lines.filter((line) => line.includes("runs again"))).toHaveLength(1);
  await server.stop();
}, 60_000);

test.runIf(process.platform === "linux")(
  "a lock file whose process id is another's is cleared, because no one works in the folder",
  async () => {
    const server = await startPostgres(folder());
    const lock = readFileSync(lockFile(), "utf8");
    await server.stop();
    // As after a reboot: the id belongs to this test now.
    writeFileSync(lockFile(), lock.replace(/^\d+/, String(process.pid)));
    const again = await startPostgres(folder());
    expect(again.started).toBe(true);
    await again.stop();
    expect(existsSync(lockFile())).toBe(false);
  },
  60_000,
);
