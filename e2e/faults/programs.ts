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
  ended: Promise<unknown>;
};

type Start = {
  env?: Readonly<Record<string, string>>;
  nodeArgs?: string[];
  /** Where a gateway listens; a free one by default. */
  port?: number;
  /** How many files it may open. */
  files?: number;
  /** For all tests of the file, and not for one. */
  stays?: boolean;
  /** Whether its end of standard input is the end of its supervisor; false as in a container. */
  isSupervised?: boolean;
};

/** Gives a program a wall clock of its own, which its environment sets. */
export const OWN_CLOCK = ["--import", new URL("./own-clock.mjs", import.meta.url).href];

/** A shell limits itself, and then is the program. */
const withFiles = (files: number, args: string[]) => [
  ...["-c", `ulimit -n ${files}; exec "$@"`, "sh", process.execPath, ...args],
];

/**
 * The programs of an installation, as processes of their own that end with each test. To be called after what gives
 * the file its database, and before anything uses the key: the product takes it out of the environment.
 */
export function withPrograms(...names: Name[]) {
  const outdir = `.build/test-programs-${process.pid}`;
  const running = new Map<ChildProcess, { stays: boolean }>();
  let key: string | undefined;
  const endAll = (which: (how: { stays: boolean }) => boolean) =>
    Promise.all([...running].filter(([, how]) => which(how)).map(([child]) => end(child)));
  beforeAll(async () => {
    key = process.env.POSTKEY_KEY;
    await bundle(Object.fromEntries(names.map((name) => [name, SOURCES[name]])), outdir);
  }, 60_000);
  afterEach(() => endAll(({ stays }) => !stays));
  afterAll(async () => {
    await endAll(() => true);
    rmSync(outdir, { recursive: true, force: true });
  });

  const argsOf = (name: Name, ...args: string[]) => [
    ...["--conditions=react-server", `${outdir}/${name}.mjs`, ...args],
  ];
  const launch = (
    args: string[],
    { env, files, stays = false, isSupervised = true }: Start = {},
  ) => {
    const [program, all] = files ? ["sh", withFiles(files, args)] : [process.execPath, args];
    const child = spawn(program, all, {
      env: {
        ...process.env,
        NODE_ENV: "production",
        ...(key !== undefined && { POSTKEY_KEY: key }),
        ...(isSupervised && { POSTKEY_SUPERVISED: "1" }),
        ...env,
      },
      stdio: [isSupervised ? "pipe" : "ignore", "pipe", "pipe"],
    });
    running.set(child, { stays });
    child.once("exit", () => running.delete(child));
    return child;
  };

  /** When it has begun to work, or has ended. */
  async function start(name: "gateway" | "keeper", how: Start = {}): Promise<Running> {
    const port = how.port ?? (await freePort());
    const at = name === "gateway" ? ["127.0.0.1", `${port}`] : [];
    const child = launch([...(how.nodeArgs ?? []), ...argsOf(name, ...at)], how);
    const ended = once(child, "exit");
    const lines: string[] = [];
    const ready = new Promise<void>((done) => {
      readLines(child, (line) => {
        lines.push(line);
        if (line.includes(`${name} started`)) done();
      });
    });
    await Promise.race([ready, ended]);
    return { child, pid: child.pid ?? 0, port, lines, ended };
  }

  /** A command of the operator, as its script starts it. */
  function operate(command: string, env: Record<string, string> = {}) {
    const child = launch(argsOf("operate", command), { env });
    const lines: string[] = [];
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
