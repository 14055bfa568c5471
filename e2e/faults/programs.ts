import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll } from "vitest";
import { bundle } from "@/scripts/build.mjs";
import { freePort } from "@/scripts/ports.mjs";

const SOURCES = {
  gateway: "lib/gateway/main.ts",
  keeper: "lib/keeper/main.ts",
  operate: "scripts/operate.ts",
};
type Name = keyof typeof SOURCES;

export type Running = {
  child: ChildProcess;
  pid: number;
  /** Where a gateway listens. */
  port: number;
  /** Of its log. */
  lines: string[];
};

type Start = {
  env?: Record<string, string>;
  nodeArgs?: string[];
  /** How many files it may open. */
  files?: number;
};

/** A shell limits itself, and then is the program. */
const withFiles = (files: number, args: string[]) => [
  ...["-c", `ulimit -n ${files}; exec "$@"`, "sh", process.execPath, ...args],
];

/** The programs of an installation, as processes of their own that end with each test. */
export function withPrograms(outdir: string) {
  const running = new Set<ChildProcess>();
  beforeAll(() => bundle(SOURCES, outdir), 60_000);
  afterEach(async () => {
    await Promise.all([...running].map(end));
    running.clear();
  });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  const argsOf = (name: Name, ...args: string[]) => [
    ...["--conditions=react-server", `${outdir}/${name}.mjs`, ...args],
  ];
  const launch = (args: string[], env: Record<string, string> = {}, files?: number) => {
    const [program, all] = files ? ["sh", withFiles(files, args)] : [process.execPath, args];
    const child = spawn(program, all, {
      env: { ...process.env, NODE_ENV: "production", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    return child;
  };

  /** When it has begun to work, or has ended. */
  async function start(name: "gateway" | "keeper", { env, nodeArgs = [], files }: Start = {}) {
    const port = await freePort();
    const at = name === "gateway" ? ["127.0.0.1", `${port}`] : [];
    const child = launch([...nodeArgs, ...argsOf(name, ...at)], env, files);
    const started: Running = { child, pid: child.pid ?? 0, port, lines: [] };
    const ready = new Promise<void>((done) => {
      readLines(child, (line) => {
        started.lines.push(line);
        if (line.includes(`${name} started`)) done();
      });
    });
    await Promise.race([ready, once(child, "exit")]);
    return started;
  }

  /** A command of the operator, as its script starts it. */
  function operate(command: string, env: Record<string, string> = {}) {
    const lines: string[] = [];
    const child = launch(argsOf("operate", command), env);
    readLines(child, (line) => lines.push(line));
    const done: Promise<number | null> = once(child, "exit").then(([code]) => code);
    return { done, output: () => lines.join("\n") };
  }

  return { start, operate, launch, argsOf };
}

function readLines(child: ChildProcess, read: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on("line", read);
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

type Asking = { apiKey: string; emailAccountId: string };

/** Asks one gateway after the other in turn for a token. @returns how often each status came */
export async function askForTokens(
  gateways: Running[],
  count: number,
  { apiKey, emailAccountId }: Asking,
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (let round = 0; round < count; round += 1) {
    const { port = 0 } = gateways[round % gateways.length] ?? {};
    const url = `http://127.0.0.1:${port}/api/emailAccounts/${emailAccountId}/accessToken`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } });
    await answer.body?.cancel();
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  }
  return statuses;
}
