// Who uses the server of a folder: one file per user, named by its process. What a process leaves
// behind when it is killed counts for nothing, because the process is gone.
import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identityOf, isStillRunning, readText } from "./process-identity.mjs";

const LOCK_DEADLINE_MS = 60_000;
let uses = 0;

/**
 * One at a time, among all processes: whoever starts or stops the server of a folder.
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 */
export async function oneAtATime(folder, work) {
  const file = join(folder, "start.lock");
  await takeLock(file);
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

async function takeLock(file) {
  const own = `${identityOf()}.${uses++}`;
  for (const deadline = Date.now() + LOCK_DEADLINE_MS; ; await sleep(50)) {
    try {
      fs.writeFileSync(file, own, { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = readText(file);
    if (holder && !isStillRunning(processOf(holder))) discard(file, holder);
    else if (Date.now() > deadline) throw new Error(`The process ${holder} holds ${file}.`);
  }
}

/** Two may find the same dead holder: the second must not remove the lock that the first took. */
function discard(file, holder) {
  const aside = `${file}.${identityOf()}`;
  try {
    fs.renameSync(file, aside);
    if (readText(aside) !== holder) fs.linkSync(aside, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

/**
 * Notes this process as a user of the folder.
 * @returns {() => boolean} ends the use, and says whether it was the last one
 */
export function enterFolder(folder) {
  const users = join(folder, "users");
  fs.mkdirSync(users, { recursive: true, mode: 0o700 });
  const own = `${identityOf()}.${uses++}`;
  fs.writeFileSync(join(users, own), "");
  return () => {
    fs.rmSync(join(users, own), { force: true });
    return countUsers(users) === 0;
  };
}

function countUsers(users) {
  const names = fs.readdirSync(users);
  for (const name of names.filter((each) => !isStillRunning(processOf(each))))
    fs.rmSync(join(users, name), { force: true });
  return fs.readdirSync(users).length;
}

function processOf(use) {
  return use.slice(0, use.lastIndexOf("."));
}
