import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { isAlive } from "./process-identity.mjs";
import { runToEnd } from "./run-to-end.mjs";

const URL_OF_IT = pathToFileURL("scripts/run-to-end.mjs").href;

/** Starts another one, says which, and would go on for a minute; both are deaf to what asks them to end. */
const STUBBORN = `process.on("SIGTERM", () => {});
const { spawn } = require("node:child_process");
const deaf = 'process.on("SIGTERM", () => {}); setTimeout(() => {}, 60000)';
const child = spawn(process.execPath, ["-e", deaf], { stdio: "ignore" });
require("node:fs").writeSync(3, child.pid + " " + process.pid + "\\n");
setTimeout(() => {}, 60000);`;

const PARENT = `import { runToEnd } from ${JSON.stringify(URL_OF_IT)};
await runToEnd("sh", ["-c", 'exec "$0" -e "$CODE" 3>"$PIDS"', process.execPath]).catch((error) => {
  console.log(error.message);
});`;

test("a signal ends the program and what it started", async () => {
  const folder = mkdtempSync("/tmp/postkey-run-");
  const PIDS = `${folder}/pids`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", PARENT], {
    env: { ...process.env, CODE: STUBBORN, PIDS },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pids = () =>
    existsSync(PIDS) ? (readFileSync(PIDS, "utf8").match(/\d+/g) ?? []).map(Number) : [];
  await expect.poll(() => pids().length, { timeout: 20_000 }).toBe(2);
  child.kill("SIGINT");
  const [said] = await once(child.stdout, "data");
  expect(`${said}`).toBe("Stopped.\n");
  await expect.poll(() => pids().filter(isAlive), { timeout: 10_000 }).toEqual([]);
  rmSync(folder, { recursive: true });
}, 60_000);

test("a program that fails says what it said", async () => {
  const failing = runToEnd(process.execPath, ["-e", "console.error('no'); process.exit(3)"]);
  await expect(failing).rejects.toThrow(/failed:\nno/);
  await runToEnd(process.execPath, ["-e", ""]);
});
