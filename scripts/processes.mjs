import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** With this a child says that no restart will help: EX_CONFIG of sysexits.h. */
const EXIT_CONFIGURATION = 78;

const isForGood = (code) => code === EXIT_CONFIGURATION;

/** Whose the supervisor's own lines are: a filter of what a child prints does not reach them. */
export const SUPERVISOR = "postkey";

/** Everything is to be over within ten seconds; the last of them is the database's. */
const STOP_WITHIN_MS = 9_000;
const FIRST_RESTART_MS = 1_000;
const MAX_RESTART_MS = 30_000;
/** A child that gives signs of life, and then none for three looks in a row, hangs. */
const LOOK_EVERY_MS = 5_000;
const LOOKS_WITHOUT_SIGN = 3;
/** A process that ran this long was well: the next restart is quick again. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * The child processes of one installation: started, watched, restarted when they die, and stopped by
 * their own process ids. A child also ends by itself when this process does, because it then reads
 * the end of its standard input. One that hangs is killed, and so started again: checks are counted and
 * not seconds, so that no process is killed because the machine slept.
 *
 * `onLine` gets what the children print, by their names, and what happens to them as lines of `postkey`.
 *
 * @param {{ onLine: (name: string, line: string, from?: { isError: boolean }) => void,
 *   firstRestartMs?: number, lookEveryMs?: number }} options
 */
export function createProcesses(options) {
  const { onLine, firstRestartMs = FIRST_RESTART_MS, lookEveryMs = LOOK_EVERY_MS } = options;
  const say = (line) => onLine(SUPERVISOR, line);
  const children = new Map();
  const stopping = new AbortController();

  /**
   * @param {{ name: string, args: string[], env: NodeJS.ProcessEnv, restarts?: boolean }} what
   * @returns {import("node:child_process").ChildProcessWithoutNullStreams}
   */
  function start(what) {
    return launch(what, firstRestartMs);
  }

  function launch(what, restartMs) {
    const { name, restarts = true } = what;
    const child = spawnChild(what);
    const startedAt = performance.now();
    children.set(name, { child, ended: new Promise((done) => child.once("exit", done)) });
    watch(name, child);
    child.once("exit", (code, signal) => {
      if (stopping.signal.aborted) return;
      say(`${name} ended (${signal ?? code})`);
      if (isForGood(code)) say(`${name} is not started again: it cannot work like this`);
      else if (restarts) void relaunch(what, { startedAt, restartMs });
    });
    return child;
  }

  function spawnChild({ name, args, env }) {
    const child = spawn(process.execPath, args, {
      env: { ...env, POSTKEY_SUPERVISED: "1" },
      stdio: ["pipe", "pipe", "pipe", "ipc"],
    });
    child.stdin.on("error", () => {}); // it ended first
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) =>
        onLine(name, line, { isError: stream === child.stderr }),
      );
    return child;
  }

  function watch(name, child) {
    let looks = Number.NEGATIVE_INFINITY; // until its first sign
    child.on("message", () => {
      looks = 0;
    });
    const timer = setInterval(() => {
      looks += 1;
      if (looks < LOOKS_WITHOUT_SIGN || stopping.signal.aborted) return;
      say(`${name} does not respond and is killed`);
      child.kill("SIGKILL");
      looks = Number.NEGATIVE_INFINITY;
    }, lookEveryMs);
    child.once("exit", () => clearInterval(timer));
  }

  async function relaunch(what, { startedAt, restartMs }) {
    const wasHealthy = performance.now() - startedAt > HEALTHY_AFTER_MS;
    const pauseMs = wasHealthy ? firstRestartMs : restartMs;
    await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return;
    say(`${what.name} is started again`);
    launch(what, Math.min(pauseMs * 2, MAX_RESTART_MS));
  }

  // A second signal would end a child at once that is about to end in order.
  let stopped;
  const stop = () => {
    stopped ??= stopAll();
    return stopped;
  };

  async function stopAll() {
    stopping.abort();
    for (const { child } of children.values()) child.kill("SIGTERM");
    const killer = setTimeout(() => {
      for (const { child } of children.values()) child.kill("SIGKILL");
    }, STOP_WITHIN_MS);
    await Promise.all([...children.values()].map(({ ended }) => ended));
    clearTimeout(killer);
  }

  /** The process id of a child that runs, or ran last. */
  const pidOf = (name) => children.get(name)?.child.pid;

  return { start, stop, pidOf };
}
