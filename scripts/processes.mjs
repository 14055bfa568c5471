import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const STOP_WITHIN_MS = 10_000;
const FIRST_RESTART_MS = 1_000;
const MAX_RESTART_MS = 30_000;
/** Whoever ran this long was well: the next restart is quick again. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * The child processes of one installation: started, watched, restarted when they die, and stopped by
 * their own process ids. A child also ends by itself when this process does, because it then reads
 * the end of its standard input.
 */
export function createProcesses({ onLine }) {
  const children = new Map();
  let isStopping = false;

  /** @param {{ name: string, args: string[], env: NodeJS.ProcessEnv, restarts?: boolean }} what */
  function start({ name, args, env, restarts = true }) {
    const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    const startedAt = Date.now();
    const entry = { child, ended: new Promise((done) => child.once("exit", done)) };
    children.set(name, entry);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => onLine(name, line));
    child.once("exit", (code, signal) => {
      if (isStopping) return;
      onLine(name, `ended (${signal ?? code})`);
      if (restarts) void restart({ name, args, env }, startedAt);
    });
    return child;
  }

  let restartMs = FIRST_RESTART_MS;
  async function restart(what, startedAt) {
    const wasHealthy = Date.now() - startedAt > HEALTHY_AFTER_MS;
    restartMs = wasHealthy ? FIRST_RESTART_MS : Math.min(restartMs * 2, MAX_RESTART_MS);
    await sleep(restartMs);
    if (!isStopping) start(what);
  }

  async function stop() {
    isStopping = true;
    for (const { child } of children.values()) child.kill("SIGTERM");
    const killer = setTimeout(() => {
      for (const { child } of children.values()) child.kill("SIGKILL");
    }, STOP_WITHIN_MS);
    await Promise.all([...children.values()].map(({ ended }) => ended));
    clearTimeout(killer);
  }

  return { start, stop };
}
