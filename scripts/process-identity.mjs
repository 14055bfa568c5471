import { readFileSync } from "node:fs";

/**
 * Whether a process runs. A killed one whose parent never reaps it stays as a zombie: it counts as gone.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  const stat = readText(`/proc/${pid}/stat`);
  return stat ? !/^\d+ \(.*\) [ZX]/s.test(stat) : process.platform !== "linux";
}

/** The text of a file, or nothing when it cannot be read. */
export function readText(file) {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
