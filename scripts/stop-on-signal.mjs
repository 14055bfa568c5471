import { readText } from "./process-identity.mjs";

const LOOK_EVERY_MS = 500;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** As soon as this is loaded: what comes before a start takes a second. */
const STARTED_BY = { ppid: process.ppid, shellOf: parentOfShell(process.ppid) };
/** npm may be gone by then: what has no parent is given to the first process. In a container that can be npm itself. */
const WAS_ORPHANED = process.ppid === 1 && isNoRunner(readText("/proc/1/cmdline"));

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
  const isOrphaned = () => WAS_ORPHANED || process.ppid !== ppid || parentOfShell(ppid) !== shellOf;
  const timer = setInterval(() => {
    if (!isOrphaned()) return;
    clearInterval(timer);
    end();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/**
 * Whether a command, as proc(5) has it, is neither npm or another one that runs scripts, nor the shell between them;
 * not where there is no such folder.
 * @param {string} command
 */
export function isNoRunner(command) {
  const [program = "", ...words] = command.split(/[\0 ]+/);
  if (program === "" || /(?:^|\/)(?:sh|dash|ash|bash|zsh|busybox)$/.test(program)) return false;
  return ![program, ...words].some((word) => /\b(?:npm|npx|pnpm|yarn|bun|node)\b/.test(word));
}

/** Who runs a shell, by proc(5); nothing when the process is no shell, or where there is no such folder. */
function parentOfShell(pid) {
  return /^\d+ \((?:sh|dash|bash)\) \S (\d+)/.exec(readText(`/proc/${pid}/stat`))?.[1];
}
