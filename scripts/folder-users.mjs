// Who owns and who uses a data folder. Locks say so that the kernel holds for as long as a file is open (flock(2)):
// they answer in every container on one machine, where process ids mean nothing, and a process that dies leaves none
// behind (docs/decisions/024-who-owns-the-data-folder.md).
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const TURN_DEADLINE_MS = 60_000;
/** A process that was killed takes a moment to let go. */
const LETTING_GO_MS = 500;
const TRY_AGAIN_MS = 50;
const OWNER = "postkey.lock";
/** The exit code of flock(1) when another process holds the lock. */
const IS_HELD = 1;
/** Of open(2) on macOS, where it takes the lock itself: <fcntl.h>. */
const MACOS = { O_NONBLOCK: 0x4, shared: 0x10, exclusive: 0x20 };

/**
 * Makes this process the one that runs the installation of a data folder. Nothing is written into the
 * folder of another.
 * @param {string} dataFolder made when missing
 * @returns {Promise<() => void>} gives it up
 * @throws when it runs already, here or in another container
 */
export async function ownFolder(dataFolder) {
  fs.mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
  const lock = await takeLock(join(dataFolder, OWNER));
  if (lock) return lock.release;
  throw new Error(
    `Postkey is already running with the data folder ${dataFolder}, here or in another container. Stop it first, or set POSTKEY_DATA to another folder.`,
  );
}

/** Removes everything but the lock of its owner, who calls this. */
export function emptyFolder(dataFolder) {
  for (const name of fs.readdirSync(dataFolder).filter((each) => each !== OWNER))
    fs.rmSync(join(dataFolder, name), { recursive: true, force: true });
}

/**
 * One at a time, among all processes that start or stop the server of a folder.
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 */
export async function oneAtATime(folder, work) {
  const file = join(folder, "start.lock");
  const lock = await takeLock(file, { waitMs: TURN_DEADLINE_MS });
  if (!lock) throw new Error(`Another process has held ${file} for a minute.`);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/**
 * Notes this process as a user of the folder's server. Called, and ended, within `oneAtATime`.
 * @returns {Promise<() => Promise<boolean>>} ends the use, and says whether it was the last one
 */
export async function enterFolder(folder) {
  const file = join(folder, "users.lock");
  const use = await takeLock(file, { kind: "shared" });
  return async () => {
    use?.release();
    const alone = await takeLock(file, { waitMs: 0 });
    alone?.release();
    return alone !== null;
  };
}

/**
 * Any number may hold a lock together as `shared`; `exclusive` is held alone, also within one process.
 * @returns {Promise<{ fd: number, release(): void } | null>} null when it is still held after `waitMs`
 * @throws when the file system or the machine has no such locks
 */
export async function takeLock(file, { kind = "exclusive", waitMs = LETTING_GO_MS } = {}) {
  const tryLock = process.platform === "darwin" ? openLocked : lockOpened;
  for (const deadline = performance.now() + waitMs; ; await sleep(TRY_AGAIN_MS)) {
    const fd = tryLock(file, kind);
    if (fd !== null) return { fd, release: () => fs.closeSync(fd) };
    if (performance.now() >= deadline) return null;
  }
}

function openLocked(file, kind) {
  const { O_RDWR, O_CREAT } = fs.constants;
  try {
    return fs.openSync(file, O_RDWR | O_CREAT | MACOS.O_NONBLOCK | MACOS[kind], 0o600);
  } catch (error) {
    if (error.code === "EAGAIN") return null;
    throw error;
  }
}

/** Node cannot lock: flock(1) locks the file that it inherits, and the lock stays with who opened it. */
function lockOpened(file, kind) {
  const fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
  const options = { stdio: ["ignore", "ignore", "pipe", fd], encoding: "utf8" };
  const { status, stderr, error } = spawnSync("flock", [`--${kind}`, "--nonblock", "3"], options);
  if (status === 0) return fd;
  fs.closeSync(fd);
  if (status === IS_HELD) return null;
  throw new Error(
    error?.code === "ENOENT"
      ? "The program flock is missing; the embedded database needs it. Install the package util-linux, or set DATABASE_URL."
      : `${file} cannot be locked (${(stderr || error?.message || "").trim()}). Set POSTKEY_DATA to a folder on a file system that has locks, or set DATABASE_URL.`,
  );
}
