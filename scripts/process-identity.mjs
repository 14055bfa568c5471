import { readFileSync } from "node:fs";

/**
 * Whether a process runs. A killed one whose parent never reaps it stays as a zombie: it counts as gone.
 * @param {number} pid
 */
export function isAlive(pid) {
  if (!exists(pid)) return false;
  const stat = readText(`/proc/${pid}/stat`);
  return stat ? !/^\d+ \(.*\) [ZX]/s.test(stat) : process.platform !== "linux";
}

/**
 * Whether the process id is taken, by a zombie too.
 * @param {number} pid
 */
function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/**
 * Names a process for good, `<pid>-<start time>`: the id alone may be given to another one later.
 * @param {number} [pid]
 */
export function identityOf(pid = process.pid) {
  // Fields are counted from behind the name, which may hold blanks and brackets (proc(5)).
  const fields = readText(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, "")
    .split(" ");
  return `${pid}-${fields[19] ?? ""}`;
}

/**
 * Whether the process of a name that `identityOf` gave still runs.
 * @param {string} identity
 */
export function isStillRunning(identity) {
  const pid = Number.parseInt(identity, 10);
  return isAlive(pid) && identityOf(pid) === identity;
}

/** The text of a file, or nothing when it cannot be read. */
export function readText(file) {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
