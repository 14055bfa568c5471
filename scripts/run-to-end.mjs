import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { text } from "node:stream/consumers";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end. A signal that would end this process is passed on to it instead.
 *
 * @param {string[]} command the program, and what it takes
 * @param {{ env?: NodeJS.ProcessEnv, output?: "pipe" | "inherit" }} [options]
 * @returns {Promise<{ code: number, out: string, problem: string, isStopped: boolean }>} its exit code, as a shell
 *   has it, and what it said, unless that went to this terminal
 */
export async function runToEnd(
  [program = "", ...args],
  { env = process.env, output = "pipe" } = {},
) {
  const child = spawn(program, args, { env, stdio: ["ignore", output, output] });
  let isStopped = false;
  const pass = (signal) => {
    isStopped = true;
    // A terminal tells its programs of Ctrl-C itself: twice ends Vitest at once, with its servers' folders left.
    if (signal !== "SIGINT" || output === "pipe") child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    const said = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ""));
    const [[code, signal], out, problem] = await Promise.all([once(child, "close"), ...said]);
    return { code: code ?? 128 + constants.signals[signal], out, problem, isStopped };
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}
