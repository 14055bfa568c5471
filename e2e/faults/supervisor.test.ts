import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { withInstallation } from "@/lib/testing/sandbox";
import { buildKeeper, type KeeperProcess, startKeeper } from "./keeper-process";

withInstallation();
let key: string | undefined;
let keeper: KeeperProcess | undefined;

beforeAll(async () => {
  // The product takes it out of its environment at the first use.
  key = process.env.POSTKEY_KEY;
  await buildKeeper();
}, 60_000);

afterEach(async () => {
  keeper?.child.kill("SIGKILL");
  await keeper?.ended;
});

test("a keeper that a container or a unit starts works, with nothing on its standard input", async () => {
  keeper = startKeeper({ POSTKEY_KEY: key }, { stdin: "ignore" });
  await keeper.ready;
  // Longer than a turn: it used to end after its first one.
  await sleep(4 * SECOND_MS);
  expect(keeper.child.exitCode).toBeNull();
  expect(keeper.lines.join("\n")).not.toContain("keeper stopped");
  expect(await db().keeperHeartbeat.count()).toBe(1);
});

test("a keeper whose supervisor is gone stops", async () => {
  keeper = startKeeper({ POSTKEY_KEY: key });
  await keeper.ready;
  keeper.child.stdin?.end();
  await keeper.ended;
  expect(keeper.child.exitCode).toBe(0);
  expect(keeper.lines.join("\n")).toContain("keeper stopped");
});
