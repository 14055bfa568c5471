import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKeyFile } from "@/lib/installation/keys/key-file";
import { isKeyRight } from "@/lib/installation/keys/store";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { forgetSingletons } from "@/lib/testing/database";
import { either, report } from "@/lib/testing/long";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { forgetSingletons } from "@/lib/testing/singletons";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { migrate } from "@/scripts/migrate.mjs";
import { askForTokens, type Running, withPrograms } from "./programs";

const sandbox = withInstallation();
const programs = withPrograms(".build/test-stopped");
/** Longer than every lease and every limit of a statement; in short, than some. */
const STOPPED_MS = either({ short: 6 * SECOND_MS, long: 130 * SECOND_MS });
const MOVES_WITHIN_MS = 30 * SECOND_MS;
const LOOK_EVERY_MS = either({ short: SECOND_MS, long: 5 * SECOND_MS });
const TEST_MS = either({ short: 90_000, long: 6 * MINUTE_MS });

const folder = mkdtempSync(join(tmpdir(), "postkey-stopped-"));
let server: Awaited<ReturnType<typeof startPostgres>>;
let account: { cloudProviderId: string; emailAccountId: string };
let apiKey: string;

// A database of its own: the others' must not stop with it.
beforeAll(async () => {
  chmodSync(folder, 0o711); // PostgreSQL does not run as root: its own user has to be able to enter
  server = await startPostgres(join(folder, "db"));
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await migrate(client, "prisma/migrations").finally(() => client.end());
  createKeyFile(join(folder, "key"));
  delete process.env.POSTKEY_KEY;
  Object.assign(process.env, { DATABASE_URL: server.url, POSTKEY_KEY_FILE: join(folder, "key") });
  await pool().end();
  forgetSingletons();
  await isKeyRight();
  account = await connectedAccount(administrator(), sandbox());
  apiKey = await keyFor(["tokens:read"]);
}, MINUTE_MS);

afterAll(async () => {
  await db().$disconnect();
  await pool().end();
  forgetSingletons();
  delete process.env.POSTKEY_KEY_FILE;
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Installation = { keepers: Running[]; gateways: Running[] };

const pidsOf = (processes: Running[]) => processes.map(({ pid }) => pid);

function treeOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return [pid, ...children.split(" ").filter(Boolean).map(Number)];
}

/** Sends a signal to those that are still there: of a database, connections come and go. */
function signal(pids: number[], name: "SIGSTOP" | "SIGCONT"): void {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // Gone already.
    }
}

const overlaps = () => tokenRequests(sandbox(), "overlap");

async function beatsSince(since: Date): Promise<number> {
  return db().keeperHeartbeat.count({ where: { beatAt: { gt: since } } });
}

describe.runIf(process.platform === "linux")(`after ${STOPPED_MS / SECOND_MS} s of SIGSTOP`, () => {
  test.each<[string, (all: Installation) => number[]]>([
    ["one of two keepers", ({ keepers }) => pidsOf(keepers).slice(0, 1)],
    ["the gateway", ({ gateways }) => pidsOf(gateways)],
    ["the database", () => treeOf(server.pid)],
    [
      "everything, as on a machine that sleeps,",
      ({ keepers, gateways }) => [...pidsOf([...keepers, ...gateways]), ...treeOf(server.pid)],
    ],
  ])(
    "%s goes on: nothing is lost, nobody ended, everything moves within 30 s",
    async (what, whom) => {
      const [first, second, gateway] = await Promise.all([
        programs.start("keeper"),
        programs.start("keeper"),
        programs.start("gateway"),
      ]);
      const all = { keepers: [first, second], gateways: [gateway] };
      const everybody = [first, second, gateway];
      const before = await tokenRow(account.cloudProviderId);
      // It is in the middle of something.
      sandbox().faults.set("slow", { seconds: 1 });
      await letExpire(account.cloudProviderId);
      await expect
        .poll(async () => (await tokenRow(account.cloudProviderId)).leaseOwner, { timeout: 15_000 })
        .not.toBeNull();
      const pids = whom(all);
      signal(pids, "SIGSTOP");
      try {
        await sleep(STOPPED_MS);
      } finally {
        signal(pids, "SIGCONT");
      }
      const [goneOnAt, startedAt] = [new Date(), performance.now()];
      const patience = { timeout: MOVES_WITHIN_MS, interval: 100 };
      await expect.poll(() => beatsSince(goneOnAt), patience).toBe(2);
      await expect
        .poll(async () => (await tokenRow(account.cloudProviderId)).refreshedAt, patience)
        .not.toEqual(before.refreshedAt);
      const asking = { apiKey, ...account };
      await expect.poll(() => askForTokens([gateway], 30, asking), patience).toEqual({ 200: 30 });
      const afterMs = Math.round(performance.now() - startedAt);
      expect(afterMs).toBeLessThan(MOVES_WITHIN_MS);
      expect(await tokenRow(account.cloudProviderId)).toMatchObject({ state: "connected" });
      expect(overlaps()).toBe(0);
      for (const { child } of everybody)
        expect([child.exitCode, child.signalCode]).toEqual([null, null]);
      report(`stopped: ${what}`, {
        "stopped for": `${STOPPED_MS} ms`,
        "moves after": `${afterMs} ms`,
      });
    },
    TEST_MS,
  );

  test(
    "the supervisor goes on, and kills nobody for the time that it missed",
    async () => {
      const keeper = JSON.stringify(programs.argsOf("keeper"));
      const supervisor = programs.launch([
        ...["--input-type=module", "-e"],
        `import { Processes } from "./scripts/processes.mjs";
         const onLine = (name, line) => console.log(name + ": " + line);
         new Processes({ onLine, lookEveryMs: ${LOOK_EVERY_MS} })
           .start({ name: "keeper", args: ${keeper}, env: process.env });`,
      ]);
      const lines: string[] = [];
      if (supervisor.stdout)
        createInterface({ input: supervisor.stdout }).on("line", (line) => lines.push(line));
      await expect.poll(() => lines.join("\n"), { timeout: 20_000 }).toContain("keeper started");
      signal([supervisor.pid ?? 0], "SIGSTOP");
      await sleep(STOPPED_MS);
      const goneOnAt = new Date();
      signal([supervisor.pid ?? 0], "SIGCONT");
      await sleep(5 * LOOK_EVERY_MS + SECOND_MS);
      expect(lines.filter((line) => line.startsWith("postkey: "))).toEqual([]);
      expect(await beatsSince(goneOnAt)).toBeGreaterThan(0);
    },
    TEST_MS,
  );
});
