import { readText } from "./process-identity.mjs";

const LOOK_EVERY_MS = 500;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** As soon as this is loaded: what comes before a start takes a second. */
const STARTED_BY = { ppid: process.ppid, shellOf: parentOfShell(process.ppid) };
/**
 * Starts what Ctrl-C and SIGTERM stop, also while it starts; the process ends when it has stopped.
 *
 * @template {{ stop(): Promise<void> }} R
 * @param {(stopping: AbortSignal) => Promise<R>} start fails soon when it is told to stop, with nothing left running
 * @returns {Promise<R>}
 */
export async function startUntilSignal(start) {
  const stopping = new AbortController();
  const { signal } = stopping;
  for (const each of SIGNALS) process.on(each, () => stopping.abort());
  if (process.env.npm_lifecycle_event) whenOrphaned(() => process.kill(process.pid, "SIGTERM"));
  signal.addEventListener("abort", () => process.stdout.write("\n  Stopping …\n"));
  const running = await start(signal).catch((error) => {
    if (signal.aborted) process.exit(0);
    throw error;
  });
  const end = async () => {
    await running.stop();
    process.exit(0);
  };
  if (signal.aborted) await end();
  signal.addEventListener("abort", () => void end());
  return running;
}

/**
 * npm hands a signal to the shell between it and its script, and that dies of it without handing it on: the script
 * is told by having another parent then. A shell that outlives npm has another parent itself.
 */
function whenOrphaned(end) {
  const { ppid, shellOf } = STARTED_BY;
  const isOrphaned = () => process.ppid !== ppid || parentOfShell(ppid) !== shellOf;
  const timer = setInterval(() => {
    if (!isOrphaned()) return;
    clearInterval(timer);
    end();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Who runs a shell, by proc(5); nothing when the process is no shell, or where there is no such folder. */
function parentOfShell(pid) {
  return /^\d+ \((?:sh|dash|bash)\) \S (\d+)/.exec(readText(`/proc/${pid}/stat`))?.[1];
}
