import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** With this a child says that no restart will help: EX_CONFIG of sysexits.h. */
const EXIT_CONFIGURATION = 78;
/** The process was told to stop, and did: lib/kernel/stop-on-signal.ts. */
const ORDERLY = [0, 130, 143];
/** Whose the supervisor's own lines are: a filter of what a child prints does not reach them. */
export const SUPERVISOR = "postkey";
/** Everything is to be over within ten seconds; the last of them is the database's. */
const STOP_WITHIN_MS = 9_000;
const FIRST_RESTART_MS = 1_000;
const MAX_RESTART_MS = 30_000;
/** A process that ran this long was well: the next restart is quick again. */
const HEALTHY_AFTER_MS = 60_000;
/** A child that gives signs of life, and then none for three looks in a row, hangs. */
const LOOK_EVERY_MS = 5_000;
const LOOKS_WITHOUT_SIGN = 3;
/** What gave signs before it was started again gives its first within a minute and a quarter. */
const LOOKS_TO_START = 12;

/**
 * The child processes of one installation: started, watched, restarted when they die, and stopped by
 * their own process ids. A child also ends by itself when this process does, because it then reads
 * the end of its standard input. One that hangs is killed, and so started again: checks are counted and
 * not seconds, so that no process is killed because the machine slept.
 *
 * @typedef {{ name: string, args: string[], env: NodeJS.ProcessEnv }} What
 */
export class Processes {
  #children = new Map();
  #stopping = new AbortController();
  #stopped;
  #options;

  /**
   * `onLine` gets what the children print, by their names, and what happens to them as lines of `postkey`;
   * `onHopeless` the exit code of one that no restart helps.
   *
   * @param {{ onLine: (name: string, line: string, from?: { isError: boolean }) => void,
   *   onHopeless?: (code: number) => void, firstRestartMs?: number, lookEveryMs?: number }} options
   */
  constructor(options) {
    this.#options = { firstRestartMs: FIRST_RESTART_MS, lookEveryMs: LOOK_EVERY_MS, ...options };
  }

  /**
   * @param {What} what
   * @returns {import("node:child_process").ChildProcessWithoutNullStreams}
   */
  start(what) {
    const running = this.#launch(what, { givesSigns: false });
    void this.#keep(what, running);
    return running.child;
  }

  /** Once: a second signal would end a child at once that is about to end in order. */
  stop() {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  /** The process id of a child that runs, or ran last. @param {string} name */
  pidOf(name) {
    return this.#children.get(name)?.child.pid;
  }

  /** Whether each of them runs, and gave its last sign of life just now if it gives any. */
  areWell() {
    return [...this.#children.values()].every(
      ({ child, looks }) =>
        (child.exitCode ?? child.signalCode) === null && looks < LOOKS_WITHOUT_SIGN,
    );
  }

  async #keep(what, first) {
    const { signal: stopping } = this.#stopping;
    const { firstRestartMs, onHopeless } = this.#options;
    let pauseMs = firstRestartMs;
    for (let running = first; ; running = this.#launch(what, running)) {
      const [code, signal] = await running.ended;
      if (stopping.aborted) return;
      this.#say(`${what.name} ended (${signal ?? code})`);
      if (code === EXIT_CONFIGURATION) {
        this.#say(`${what.name} is not started again: it cannot work like this`);
        return onHopeless?.(code);
      }
      if (ORDERLY.includes(code) || performance.now() - running.startedAt > HEALTHY_AFTER_MS)
        pauseMs = firstRestartMs;
      await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {});
      if (stopping.aborted) return;
      pauseMs = Math.min(pauseMs * 2, MAX_RESTART_MS);
      this.#say(`${what.name} is started again`);
    }
  }

  #launch({ name, args, env }, { givesSigns }) {
    const child = spawn(process.execPath, args, {
      env: { ...env, POSTKEY_SUPERVISED: "1" },
      stdio: ["pipe", "pipe", "pipe", "ipc"],
    });
    child.stdin.on("error", () => {}); // it ended first
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) =>
        this.#options.onLine(name, line, { isError: stream === child.stderr }),
      );
    const looks = givesSigns ? -LOOKS_TO_START : Number.NEGATIVE_INFINITY;
    const ended = once(child, "exit");
    const running = { child, ended, givesSigns, looks, startedAt: performance.now() };
    child.on("message", () => Object.assign(running, { givesSigns: true, looks: 0 }));
    const timer = setInterval(() => {
      running.looks += 1;
      if (running.looks < LOOKS_WITHOUT_SIGN || this.#stopping.signal.aborted) return;
      this.#say(`${name} does not respond and is killed`);
      child.kill("SIGKILL");
      running.looks = Number.NEGATIVE_INFINITY;
    }, this.#options.lookEveryMs);
    child.once("exit", () => clearInterval(timer));
    this.#children.set(name, running);
    return running;
  }

  async #stopAll() {
    this.#stopping.abort();
    const running = [...this.#children.values()];
    for (const { child } of running) child.kill("SIGTERM");
    const killer = setTimeout(() => {
      for (const { child } of running) child.kill("SIGKILL");
    }, STOP_WITHIN_MS);
    await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(killer);
  }

  #say(line) {
    this.#options.onLine(SUPERVISOR, line);
  }
}
