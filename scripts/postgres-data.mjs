// The data folder of a PostgreSQL server: made by initdb, and who works in it.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";

const isLinux = process.platform === "linux";

/** Makes the data folder, unless it is there, with the password that a file in the folder holds. */
export function initialise({ bin, data, folder, user }) {
  if (fs.existsSync(join(data, "PG_VERSION"))) return;
  fs.rmSync(data, { recursive: true, force: true });
  fs.mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(folder, "password");
  if (user.uid !== undefined)
    for (const path of [data, passwordFile]) fs.chownSync(path, user.uid, user.gid);
  const options = ["--auth=scram-sha-256", "-E", "UTF8", "--locale=C"];
  const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const result = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", `--pwfile=${passwordFile}`, ...options, ...locale],
    { ...user, cwd: folder, encoding: "utf8" },
  );
  if (result.status === 0) return;
  fs.rmSync(data, { recursive: true, force: true });
  throw new Error(`initdb failed: ${result.stderr || result.error?.message}`);
}

/** PostgreSQL's own: the process id of the server, and what is known of it. */
export function lockFile(data) {
  return join(data, "postmaster.pid");
}

/**
 * The server that runs on this data folder, by its lock file.
 * @returns {{ pid: number, port: number, isReady: boolean } | null}
 */
export function runningServer(data) {
  const lines = readText(lockFile(data)).split("\n");
  const pid = Number(lines[0]);
  if (!pid || !isAlive(pid)) return null;
  // The process id may be another program's by now.
  if (isLinux && !readText(`/proc/${pid}/cmdline`).includes(`${data}\0`)) return null;
  return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === "ready" };
}

/**
 * Whether a process runs. A killed one whose parent never reaps it stays as a zombie: it counts as gone.
 * @param {number} pid
 */
export function isAlive(pid) {
  if (isLinux) return /^\d+ \(.*\) [^ZX]/s.test(readText(`/proc/${pid}/stat`));
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Whether processes of a server are seen that works in this data folder, which each of them has as its
 * working directory. Where there is no /proc there are no containers either, and all are seen.
 */
export function hasWorkers(data) {
  if (!isLinux) return true;
  const real = fs.realpathSync(data);
  return fs.readdirSync("/proc").some((name) => {
    try {
      return /^\d+$/.test(name) && fs.readlinkSync(`/proc/${name}/cwd`) === real;
    } catch {
      return false; // gone, or another user's: then it is not of this server
    }
  });
}

function readText(file) {
  try {
    return fs.readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
