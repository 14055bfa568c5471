import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { startPostgres } from "../scripts/embedded-postgres.mjs";
import {
  bootstrap,
  commands,
  productEnvironment,
  waitUntilServing,
} from "../scripts/installation.mjs";
import { migrate } from "../scripts/migrate.mjs";
import { freePort } from "../scripts/ports.mjs";
import { Processes } from "../scripts/processes.mjs";

const DATA_FOLDER = "var";

/** The address is the one that the end-to-end tests sign in with: their steps are used here. */
export const ADMINISTRATOR = {
  email: "admin@example.com",
  password: randomBytes(18).toString("base64url"),
};

export type Database = { url: string; pid: number; stop(): Promise<void> };
export type Web = { url: string; pid: number };

/** The database server of the product, on its own folder. */
export function startDatabase(): Promise<Database> {
  return startPostgres(join(DATA_FOLDER, "db"));
}

/**
 * A database of that server as a first start leaves it: migrated, with the proof of its key and with an
 * administrator. Only then may it be filled: one that holds sealed values and no proof is locked.
 */
export async function createDatabase(server: Pick<Database, "url">, name: string): Promise<string> {
  await query(server.url, `CREATE DATABASE ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await migrate(client, "prisma/migrations").finally(() => client.end());
  const { email: DEMO_EMAIL, password: DEMO_PASSWORD } = ADMINISTRATOR;
  const env = environmentOf(url.href, "http://localhost:3000", { DEMO_EMAIL, DEMO_PASSWORD });
  const { lock } = await bootstrap(env);
  if (lock) throw new Error(lock);
  return url.href;
}

export async function query<R extends pg.QueryResultRow>(
  databaseUrl: string,
  sql: string,
  values: unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<R>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Variables beside those that every process of the product gets. */
type Extra = Record<string, string>;

export type ProcessGroup = {
  web(databaseUrl: string, options?: { port?: number; extra?: Extra }): Promise<Web>;
  /** Beside a web of the same database and the same settings. */
  gateway(databaseUrl: string, options: { beside: Web; extra?: Extra }): Promise<Web>;
  start(what: {
    name: string;
    args: string[];
    env: NodeJS.ProcessEnv;
  }): ReturnType<Processes["start"]>;
  /** As if a keeper ran beside them: without one every page carries a warning. */
  beat(databaseUrl: string): Promise<void>;
  stop(): Promise<void>;
};

const BEAT_EVERY_MS = 5_000;
const BEAT = `INSERT INTO "KeeperHeartbeat" ("keeperId") VALUES ('benchmark')
  ON CONFLICT ("keeperId") DO UPDATE SET "beatAt" = now()`;

export function environmentOf(
  databaseUrl: string,
  url: string,
  extra: Extra = {},
): NodeJS.ProcessEnv {
  return productEnvironment({ dataFolder: DATA_FOLDER, databaseUrl, url, extra });
}

/** Processes that are started and stopped together, by their own ids. */
const groups = new Set<ProcessGroup>();

/** Ends the running groups: callers that wait for one fail and clean up after themselves. */
export async function stopAllGroups(): Promise<void> {
  await Promise.all([...groups].map((group) => group.stop()));
}

export function createGroup(): ProcessGroup {
  const lines: string[] = [];
  const processes = new Processes({
    onLine: (name: string, line: string) => {
      lines.push(`${name}: ${line}`);
      if (/"level":(50|60)|ended \(|FATAL ERROR/.test(line)) console.error(`  ${name}: ${line}`);
    },
  });
  const start: ProcessGroup["start"] = (what) => processes.start({ ...what, restarts: false });
  const server = async (
    name: "web" | "gateway",
    { env, port }: { env: NodeJS.ProcessEnv; port: number },
  ): Promise<Web> => {
    const args = commands[name]({ host: "127.0.0.1", port, env });
    const child = start({ name: `${name}-${port}`, args, env });
    await waitUntilServing({ child, env, host: "127.0.0.1", port, name });
    const { pid } = child;
    if (pid === undefined) throw new Error(`The ${name} did not start.`);
    return { url: `http://localhost:${port}`, pid };
  };
  const beats: NodeJS.Timeout[] = [];
  const group: ProcessGroup = {
    start,
    async beat(databaseUrl) {
      await query(databaseUrl, BEAT);
      // Where the database has just been stopped no one misses a beat.
      beats.push(setInterval(() => void query(databaseUrl, BEAT).catch(() => {}), BEAT_EVERY_MS));
    },
    async stop() {
      groups.delete(group);
      for (const beat of beats) clearInterval(beat);
      await processes.stop();
    },
    async web(databaseUrl, { port: wanted, extra = {} } = {}) {
      const port = wanted ?? (await freePort());
      const env = environmentOf(databaseUrl, `http://localhost:${port}`, extra);
      return server("web", { env, port });
    },
    async gateway(databaseUrl, { beside, extra = {} }) {
      return server("gateway", {
        env: environmentOf(databaseUrl, beside.url, extra),
        port: await freePort(),
      });
    },
  };
  groups.add(group);
  return group;
}

/**
 * Runs one of the benchmark's own programs that work with the product's code, under the product's
 * conditions: it reads its order from standard input and writes its result to standard output.
 */
export async function runTool<T>(
  bundle: string,
  { env, order }: { env: NodeJS.ProcessEnv; order: unknown },
): Promise<T> {
  const args = ["--conditions=react-server", "--enable-source-maps", `.build/${bundle}.mjs`];
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(order));
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (child.exitCode !== 0) throw new Error(`${bundle} failed (${child.exitCode}).`);
  // Both ends are parts of this benchmark, built together.
  return JSON.parse(output) as T;
}
