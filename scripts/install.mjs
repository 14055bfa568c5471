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

export async function ensurePackages() {
  if (!isInstalled()) await step("Installing packages (a minute or two)", installPackages);
}

/** Whether node_modules is what the lock file asks for. */
function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === lockHash();
}

/** Installs exactly what the lock file says. No install script is needed: none is run. */
function installPackages() {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--include=dev"];
  const result = spawnSync("npm", args, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`npm ci failed:\n${result.stderr || result.error}`);
  writeFileSync(STAMP, lockHash());
}

function lockHash() {
  const text = readFileSync("package-lock.json");
  return createHash("sha256").update(text).update(process.version).digest("hex");
}
