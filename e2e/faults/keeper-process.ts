import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterAll } from "vitest";
import { bundle } from "@/scripts/build.mjs";

/** Test files run beside each other. */
const OUTDIR = `.build/test-keeper-${process.pid}`;

afterAll(() => rmSync(OUTDIR, { recursive: true, force: true }));

/** Makes the keeper's program from the sources as they are; once per test file. */
export async function buildKeeper(): Promise<void> {
  await bundle({ keeper: "lib/keeper/main.ts" }, OUTDIR);
}

export type KeeperProcess = {
  child: ChildProcess;
  /** Resolves when it has begun to work. */
  ready: Promise<void>;
  ended: Promise<unknown>;
  /** Lines of its log. */
  lines: string[];
};

/**
 * A keeper as the product starts it: a process of its own, with nothing but its environment.
 * @param options.stdin `ignore`: without a supervisor, as a container starts it
 */
export function startKeeper(
  env: Record<string, string | undefined>,
  { stdin = "pipe" }: { stdin?: "pipe" | "ignore" } = {},
): KeeperProcess {
  const args = ["--conditions=react-server", "--enable-source-maps", `${OUTDIR}/keeper.mjs`];
  const child = spawn(process.execPath, args, {
    env: {
      ...process.env,
      NODE_ENV: "production",
      ...(stdin === "pipe" && { POSTKEY_SUPERVISED: "1" }),
      ...env,
    },
    stdio: [stdin, "pipe", "pipe"],
  });
  const lines: string[] = [];
  const ended = once(child, "exit");
  const ready = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr].filter((each) => each !== null))
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (line.includes("keeper started")) done();
      });
  });
  return { child, ready: Promise.race([ready, ended.then(() => {})]), ended, lines };
}
