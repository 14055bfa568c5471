import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { claimNow } from "@/lib/sign-ins/tokens/leases/store";
import { administrator } from "@/lib/testing/actors";
import { withKey } from "@/lib/testing/api";
import { report } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { withAccount } from "@/lib/testing/sign-in";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { signal, treeOf, withOwnPostgres } from "./own-postgres";
import { askForTokens, type Running, withPrograms } from "./programs";

const sandbox = withInstallation();
// The others' database must not stop with it.
const server = withOwnPostgres(startPostgres);
const programs = withPrograms("keeper", "gateway");
/** Longer than every lease and every limit of a statement. */
const STOPPED_MS = 130 * SECOND_MS;
const MOVES_WITHIN_MS = 30 * SECOND_MS;
const LOOK_EVERY_MS = 5 * SECOND_MS;
const account = withAccount(administrator(), sandbox);
const apiKey = withKey("tokens:read");

type Installation = { keepers: Running[]; gateway: Running };

const pidsOf = (processes: Running[]) => processes.map(({ pid }) => pid);
const beatsSince = (since: Date) =>
  db().keeperHeartbeat.count({ where: { beatAt: { gt: since } } });
const row = () => tokenRow(account.cloudProviderId);

describe.runIf(process.platform === "linux")(`after ${STOPPED_MS / SECOND_MS} s of SIGSTOP`, () => {
  test.each<[string, (all: Installation) => number[]]>([
    ["one of two keepers", ({ keepers }) => pidsOf(keepers).slice(0, 1)],
    ["the gateway", ({ gateway }) => [gateway.pid]],
    ["the database", () => treeOf(server().pid)],
    [
      "everything, as on a machine that sleeps,",
      ({ keepers, gateway }) => [...pidsOf([...keepers, gateway]), ...treeOf(server().pid)],
    ],
  ])(
    "%s goes on: nothing is lost, nobody ended, everything moves within 30 s",
    async (what, whom) => {
      const keepers = [await programs.start("keeper"), await programs.start("keeper")];
      const gateway = await programs.start("gateway");
      const before = await row();
      // It is in the middle of something.
      sandbox().faults.set("slow", { seconds: 1 });
      await letExpire(account.cloudProviderId);
      await expect.poll(async () => (await row()).leaseOwner, { timeout: 15_000 }).not.toBeNull();
      const pids = whom({ keepers, gateway });
      signal(pids, "SIGSTOP");
      await sleep(STOPPED_MS).finally(() => signal(pids, "SIGCONT"));
      const [goneOnAt, startedAt] = [new Date(), performance.now()];
      const patience = { timeout: MOVES_WITHIN_MS, interval: 100 };
      await expect.poll(() => beatsSince(goneOnAt), patience).toBe(2);
      await expect
        .poll(async () => (await row()).refreshedAt, patience)
        .not.toEqual(before.refreshedAt);
      const asking = { apiKey: apiKey(), ...account };
      await expect.poll(() => askForTokens([gateway], 30, asking), patience).toEqual({ 200: 30 });
      const afterMs = Math.round(performance.now() - startedAt);
      report(`stopped: ${what}`, { "stopped for ms": STOPPED_MS, "moves after ms": afterMs });
      expect(afterMs).toBeLessThan(MOVES_WITHIN_MS);
      // Who is stopped right before it sends asks a second time with the same token, which stays valid.
      expect(await row()).toMatchObject({ state: "connected" });
      for (const { child } of [...keepers, gateway])
        expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    },
    6 * MINUTE_MS,
  );

  test(
    "a claim that the database carries out only when it goes on is given back",
    async () => {
      const { authorizationId, fence } = await row();
      const pids = treeOf(server().pid);
      signal(pids, "SIGSTOP");
      const claiming = claimNow("stopped", authorizationId).catch((error: unknown) => error);
      await sleep(STOPPED_MS).finally(() => signal(pids, "SIGCONT"));
      expect(await claiming).toBeInstanceOf(Error);
      await expect
        .poll(row, { timeout: 15_000 })
        .toMatchObject({ fence: fence + 1, leaseOwner: null });
    },
    6 * MINUTE_MS,
  );

  test(
    "the supervisor goes on, and kills nobody for the time that it missed",
    async () => {
      const supervisor = programs.launch([
        ...["--input-type=module", "-e"],
        `import { Processes } from "./scripts/processes.mjs";
         const onLine = (name, line) => console.log(name + ": " + line);
         new Processes({ onLine, lookEveryMs: ${LOOK_EVERY_MS} })
           .start({ name: "keeper", args: ${JSON.stringify(programs.argsOf("keeper"))}, env: process.env });`,
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
    6 * MINUTE_MS,
  );
});
