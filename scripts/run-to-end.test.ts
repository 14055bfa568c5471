import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { folderOfTest } from "@/lib/testing/folder";
import { isAlive } from "./postgres-data.mjs";
import { runToEnd } from "./run-to-end.mjs";

const PARENT = `import { runToEnd } from ${JSON.stringify(pathToFileURL("scripts/run-to-end.mjs").href)};
console.log(JSON.stringify(await runToEnd([process.execPath, "-e", process.env.CODE])));`;

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends the program, and not the one that runs it", async (signal, code) => {
  const file = join(folderOfTest(), "pid");
  const CODE = `require("node:fs").writeFileSync("${file}", process.pid + " "); setTimeout(() => {}, 60000)`;
  const env = { ...process.env, CODE };
  const parent = spawn(process.execPath, ["--input-type=module", "-e", PARENT], { env });
  const pid = () => Number(existsSync(file) && readFileSync(file, "utf8"));
  await expect.poll(pid).toBeGreaterThan(0);
  const said = text(parent.stdout);
  parent.kill(signal);
  expect(await once(parent, "exit")).toEqual([0, null]);
  expect(JSON.parse(await said)).toEqual({ code, out: "", problem: "", isStopped: true });
  expect(isAlive(pid())).toBe(false);
});

test("a program tells how it ended, and what it said", async () => {
  const code = "console.log('yes'); console.error('no'); process.exit(3)";
  const told = { code: 3, out: "yes\n", problem: "no\n", isStopped: false };
  expect(await runToEnd([process.execPath, "-e", code])).toEqual(told);
});
