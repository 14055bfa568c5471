// Who owns and who uses a data folder. The kernel's locks say so, never process ids: those of another
// container on the same volume mean nothing here (docs/decisions/024-who-owns-the-data-folder.md).
import * as fs from "node:fs";
import { join } from "node:path";
import { takeLock } from "./kernel-lock.mjs";

const TURN_DEADLINE_MS = 60_000;
/** A process that was killed takes a moment to let go. */
const LETTING_GO_MS = 500;
const OWNER = "postkey.lock";

/**
 * Makes this process the one that runs the installation of a data folder. Nothing is written into the
 * folder of another.
 * @param {string} dataFolder made when missing
 * @returns {Promise<() => void>} gives it up
 * @throws when it runs already, here or in another container
 */
export async function ownFolder(dataFolder) {
  fs.mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
  const lock = await takeLock(join(dataFolder, OWNER), { waitMs: LETTING_GO_MS });
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
  const use = await takeLock(file, { kind: "shared", waitMs: LETTING_GO_MS });
  if (!use) throw new Error(`${file} is held by a process that does not belong to Postkey.`);
  return async () => {
    use.release();
    const alone = await takeLock(file);
    alone?.release();
    return alone !== null;
  };
}

/**
 * The lock that each process of a server inherits: while one of them runs, anywhere, no other process
 * gets it.
 * @returns {Promise<{ fd: number, release(): void } | null>} null while a server is left
 */
export function takeServerLock(folder) {
  return takeLock(join(folder, "server.lock"), { waitMs: LETTING_GO_MS });
}
