import { randomUUID } from "node:crypto";
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
  requireFree(file);
  const write = () => {
    if (!processes.areWell()) return;
    const draft = `${file}.${randomUUID()}`;
    // The machine's uptime: no one sets that clock.
    const sign = JSON.stringify({ at: uptime(), origins });
    writeFileSync(draft, sign, { flag: "wx", mode: 0o600 });
    renameSync(draft, file);
  };
  try {
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
    try {
      rmSync(file, { force: true });
    } catch {
      // Whatever is in its place now, the processes stop.
    }
  };
}

/** What is written here is written over and removed: a device, a link or someone's file must not be. */
function requireFree(file) {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found || (found.isFile() && isSign(readFileSync(file, "utf8")))) return;
  throw new Error(
    `POSTKEY_HEALTH_FILE names what Postkey did not write (${file}). Give it a path of its own.`,
  );
}

function isSign(text) {
  try {
    const { at, origins } = JSON.parse(text);
    return typeof at === "number" && Array.isArray(origins);
  } catch {
    return false;
  }
}

/** @throws unless each process gave a sign of life just now, and each server answers that it can serve */
export async function requireHealth(file) {
  if (!file)
    throw new Error("POSTKEY_HEALTH_FILE must be the file that the running Postkey writes.");
  if (!existsSync(file)) throw new Error("Postkey is not running, or has not started yet.");
  const { at, origins } = JSON.parse(readFileSync(file, "utf8"));
  const silent = Math.round(uptime() - at);
  // Before the machine started it was not this Postkey.
  if (silent < 0) throw new Error("Postkey is not running, or has not started yet.");
  if (!(silent <= SILENT_AFTER_S))
    throw new Error(`A process has given no sign of life for ${silent} s.`);
  for (const origin of origins) await requireAnswer(origin);
}

async function requireAnswer(origin) {
  const response = await fetch(`${origin}/api/health`, { signal: AbortSignal.timeout(ANSWER_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${origin} answers ${response.status}: ${text}`);
}
