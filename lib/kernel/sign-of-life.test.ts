import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "@/scripts/build.mjs";

let folder: string;

beforeAll(async () => {
  mkdirSync(".build", { recursive: true });
  folder = mkdtempSync(".build/sign-of-life-");
  await bundle({ signs: "lib/kernel/sign-of-life.ts" }, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How many signs a process gives in the seconds after its first turn must have ended. */
async function lateSigns(program: string): Promise<number> {
  const module = pathToFileURL(`${folder}/signs.mjs`).href;
  const code = `const { expectTurns, giveSignsOfLife } = await import("${module}"); ${program}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await new Promise((begun) => child.once("message", begun));
  let signs = 0;
  await sleep(3_000);
  child.on("message", () => {
    signs += 1;
  });
  await sleep(5_000);
  child.kill("SIGKILL");
  return signs;
}

const GIVE = `giveSignsOfLife(); const turnEnded = expectTurns("keeper", 3_000); setInterval(() => {}, 1_000);`;

test("a process whose turns end gives signs of life", async () => {
  expect(await lateSigns(`${GIVE} setInterval(turnEnded, 500);`)).toBeGreaterThan(1);
});

test("a process whose turn does not end gives none, though its event loop turns", async () => {
  expect(await lateSigns(`${GIVE} turnEnded();`)).toBe(0);
});
