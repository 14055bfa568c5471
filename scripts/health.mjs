import { existsSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { uptime } from "node:os";

const EVERY_MS = 2_000;
/** As long as the supervisor waits for a child (scripts/processes.mjs). */
const SILENT_AFTER_S = 15;
const ANSWER_MS = 5_000;

/**
 * Writes POSTKEY_HEALTH_FILE, if it is set, for as long as the processes are well: a keeper answers no one, and
 * a container's check of its health does not know which processes run in it.
 * @param {{ areWell(): boolean }} processes
 * @param {string[]} origins of those that answer
 * @returns {() => void} takes the file away
 */
export function keepSign(processes, origins) {
  const { POSTKEY_HEALTH_FILE: file } = process.env;
  if (!file) return () => {};
  const write = () => {
    if (!processes.areWell()) return;
    const draft = `${file}.draft`;
    // The machine's uptime: no one sets that clock.
    const sign = JSON.stringify({ at: uptime(), origins });
    // The last one may be of a disk that was full. No link in its place is followed.
    rmSync(draft, { force: true });
    writeFileSync(draft, sign, { flag: "wx", mode: 0o600 });
    renameSync(draft, file);
  };
  try {
    if (existsSync(file) && !isSign(file)) throw new Error("it is another file");
    write();
  } catch (error) {
    throw new Error(`POSTKEY_HEALTH_FILE cannot be written (${error.message}).`, { cause: error });
  }
  const timer = setInterval(() => {
    try {
      write();
    } catch {
      // A disk that is full, say: its age tells.
    }
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    if (existsSync(file) && isSign(file)) rmSync(file);
  };
}

/** It is written over and removed: root would lose a device of the machine, or a file of someone's. */
const isSign = (file) =>
  lstatSync(file).isFile() && /^(\{"at":|$)/.test(readFileSync(file, "utf8"));

/** @throws unless each process gave a sign of life just now, and each server answers that it can serve */
export async function requireHealth(file) {
  if (!file || !existsSync(file))
    throw new Error("Postkey is not running, or writes another POSTKEY_HEALTH_FILE.");
  const { at, origins } = JSON.parse(readFileSync(file, "utf8"));
  // Before the machine started, its uptime was greater.
  const silent = Math.abs(Math.round(uptime() - at));
  if (silent > SILENT_AFTER_S)
    throw new Error(`A process has given no sign of life for ${silent} s.`);
  for (const origin of origins) {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(`${origin}/api/health`, { signal });
    if (!response.ok)
      throw new Error(`${origin} answers ${response.status}: ${await response.text()}`);
  }
}
