import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { identityOf, isStillRunning, readText } from "./process-identity.mjs";

/** Names the process that installs: two at once would take each other's files away. */
const LOCK = ".installing";
const STAMP = "node_modules/.postkey-installed";

/** Whether node_modules is what the lock file asks for. */
export function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === lockHash();
}

/** Installs exactly what the lock file says. No install script is needed: none is run. */
export function installPackages() {
  while (!takeLock()) pause(500);
  try {
    if (!isInstalled()) install();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** @returns false while another process that runs has it */
function takeLock() {
  try {
    writeFileSync(LOCK, identityOf(), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isStillRunning(readText(LOCK))) rmSync(LOCK, { force: true });
    return false;
  }
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function install() {
  const options = { encoding: "utf8", shell: process.platform === "win32" };
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--include=dev"];
  const result = spawnSync("npm", args, options);
  if (result.status !== 0) throw new Error(`npm ci failed:\n${result.stderr || result.error}`);
  writeFileSync(STAMP, lockHash());
}

function lockHash() {
  const text = readFileSync("package-lock.json");
  return createHash("sha256").update(text).update(process.version).digest("hex");
}
