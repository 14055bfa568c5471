import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { folderOfTest } from "@/lib/testing/folder";

let folder: string;

beforeEach(() => {
  folder = folderOfTest();
  const run = `import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startUntilSignal } from ${JSON.stringify(pathToFileURL("scripts/stop-on-signal.mjs").href)};
const alone = process.env.npm_lifecycle_event ? "" : " alone";
const mark = (what) => writeFileSync(what + alone, String(process.pid));
await startUntilSignal(async (stopping) => {
  mark("starting");
  while (existsSync("slow") && !stopping.aborted) await sleep(50);
  if (stopping.aborted) mark("given-up");
  stopping.throwIfAborted();
  return { stop: async () => mark("stopped") };
});
mark("up");
setTimeout(() => {}, 60_000);`;
  writeFileSync(join(folder, "run.mjs"), run);
  const scripts = { start: "exec node run.mjs" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", scripts }));
});

/** A busy machine starts npm slowly. */
const PATIENCE = { timeout: 30_000 };
const has = (name: string) => existsSync(join(folder, name));
/** Under `npm test` this process has a name that npm gave it. */
const { npm_lifecycle_event: _, ...env } = process.env;

test("SIGTERM to npm stops what it runs", async () => {
  const npm = spawn("npm", ["start"], { cwd: folder, env, stdio: "ignore" });
  await expect.poll(() => has("up"), PATIENCE).toBe(true);
  npm.kill("SIGTERM");
  await expect.poll(() => has("stopped"), PATIENCE).toBe(true);
}, 60_000);

test("SIGTERM to npm while it starts something gives that up", async () => {
  writeFileSync(join(folder, "slow"), "");
  const npm = spawn("npm", ["start"], { cwd: folder, env, stdio: "ignore" });
  await expect.poll(() => has("starting"), { timeout: 20_000 }).toBe(true);
  npm.kill("SIGTERM");
  await expect.poll(() => has("given-up"), { timeout: 10_000 }).toBe(true);
  expect(has("up")).toBe(false);
}, 40_000);

test.runIf(process.platform === "linux")(
  "what npm ran stops when npm is killed",
  async () => {
    const npm = spawn("npm", ["start"], { cwd: folder, env, stdio: "ignore" });
    await expect.poll(() => has("up"), PATIENCE).toBe(true);
    npm.kill("SIGKILL");
    await expect.poll(() => has("stopped"), PATIENCE).toBe(true);
  },
  60_000,
);

test("what was started without npm goes on when its parent ends", async () => {
  const command = "npm_lifecycle_event=start node run.mjs & node run.mjs & sleep 60";
  const shell = spawn("sh", ["-c", command], { cwd: folder, env });
  await expect.poll(() => has("up") && has("up alone"), { timeout: 20_000 }).toBe(true);
  shell.kill("SIGKILL");
  // The other one of that parent has noticed.
  await expect.poll(() => has("stopped"), { timeout: 10_000 }).toBe(true);
  expect(has("stopped alone")).toBe(false);
  process.kill(Number(readFileSync(join(folder, "up alone"), "utf8")), "SIGTERM");
  await expect.poll(() => has("stopped alone"), { timeout: 10_000 }).toBe(true);
}, 40_000);
