import { spawn } from "node:child_process";
import { constants } from "node:os";
import { text } from "node:stream/consumers";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** A build that does not end when it is asked to. */
const KILL_AFTER_MS = 3_000;

/**
 * Runs a program to its end. A signal, such as Ctrl-C, ends it with everything that it started, even what
 * would have gone on: so it has a group of processes of its own.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @throws with what it said when it fails; when it was stopped
 */
export async function runToEnd(program, args, { env = process.env } = {}) {
  const child = spawn(program, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    end(child, "SIGTERM");
    setTimeout(() => end(child, "SIGKILL"), KILL_AFTER_MS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const ended = new Promise((done, fail) => child.once("error", fail).once("exit", done));
    const [code, out, problem] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (isStopped) throw new Error("Stopped.");
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${out}${problem}`);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    // What is left of its group, once it has ended itself.
    if (isStopped) end(child, "SIGKILL");
  }
}

/**
 * Runs a program that shares this terminal, and passes signals on to it.
 * @returns {Promise<number>} its exit code, as a shell has it
 */
export function runInTerminal(program, args, env) {
  const child = spawn(program, args, { stdio: "inherit", env });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function end(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
