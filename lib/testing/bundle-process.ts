import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** A bundle of the build in a process of its own. `ended` says how it ended, and what it printed. */
export function startBundle(file: string, args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ["--conditions=react-server", file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, "exit").then(async ([code]: (number | null)[]) => {
    const [out, problem] = await printed;
    return { code, out, problem, text: out + problem };
  });
  return { child, ended };
}
