import { execFileSync, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { freePort } from "../../scripts/ports.mjs";
import type { Bench } from "../bench";
import { type Figure, figure } from "../figures";

/** `npm run demo` in a new clone until it serves, packages and build included; and its second start. */
export async function measureFreshClone(bench: Bench): Promise<Figure[]> {
  const source = join(dirname(process.env.FIGURES_FILE ?? ""), "..");
  const clone = join(bench.folder(), "postkey");
  execFileSync("git", ["clone", "--quiet", source, clone]);
  const first = await startDemo(clone);
  const second = await startDemo(clone);
  return [
    figure("a fresh clone: npm run demo until it serves", first, "<= 75 s"),
    figure("a fresh clone: its second start", second, "<= 5 s"),
  ];
}

/** @returns seconds until it says that it is ready */
async function startDemo(cwd: string): Promise<number> {
  const startedAt = performance.now();
  const env = { ...process.env, PORT: `${await freePort()}` };
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const child = spawn(process.execPath, ["scripts/demo.mjs"], { cwd, env, stdio: [...stdio] });
  let seconds = 0;
  for await (const chunk of child.stdout ?? [])
    if (seconds === 0 && `${chunk}`.includes("Ready.")) {
      seconds = (performance.now() - startedAt) / 1_000;
      child.kill("SIGTERM");
    }
  if (seconds === 0) throw new Error("The demonstration did not start.");
  return seconds;
}
