import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { exitWith, step } from "./terminal.mjs";

const STAMP = "node_modules/.postkey-installed";

/** A command of npm: it loads its packages only when they are there, and fails with a message for people. */
export async function runCommand(work) {
  try {
    await ensurePackages();
    const code = await work();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    exitWith(error);
  }
}

/** Makes node_modules exactly what the lock file says. No install script is needed: none is run. */
export async function ensurePackages() {
  const lock = readFileSync("package-lock.json");
  const wanted = createHash("sha256").update(lock).update(process.version).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  await step("Installing packages (a minute or two)", () => {
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--include=dev"];
    const { status, stderr, error } = spawnSync("npm", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`npm ci failed:\n${stderr || error}`);
  });
  writeFileSync(STAMP, wanted);
}
