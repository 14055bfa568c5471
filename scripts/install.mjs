import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const STAMP = "node_modules/.postkey-installed";

/** Whether node_modules is what the lock file asks for. */
export function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === lockHash();
}

/** Installs exactly what the lock file says. No install script is needed: none is run. */
export function installPackages() {
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
