import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { MailServers } from "@/e2e/servers/mail-servers";
import { fleetOf } from "@/lib/testing/fleet";
import {
  bootstrap,
  commands,
  productEnvironment,
  startSandbox,
  waitUntilServing,
} from "../scripts/installation.mjs";
import { migrate } from "../scripts/migrate.mjs";
import { freePort } from "../scripts/ports.mjs";
import { Processes } from "../scripts/processes.mjs";
import { startTool } from "./tool";

/** Everything that runs here keeps its files in this folder of the copy that is measured. */
const DATA_FOLDER = "var";

/** The address is the one that the end-to-end tests sign in with: their steps are used here. */
export const ADMINISTRATOR = {
  email: "admin@example.com",
  password: randomBytes(18).toString("base64url"),
};

export type Server = { url: string; pid: number };
export type Bench = ReturnType<typeof openBench>;
export type Site = Awaited<ReturnType<Bench["install"]>>;

type Extra = Record<string, string>;

/** What a part of the benchmark measures with: all that it starts ends with it, by its own process ids. */
export function openBench(database: Server) {
  const closers: (() => unknown)[] = [];
  const processes = new Processes({
    onLine: (name: string, line: string) => {
      if (/"level":(50|60)|ended \(|FATAL ERROR/.test(line)) console.error(`  ${name}: ${line}`);
    },
  });
  const defer = (close: () => unknown) => void closers.push(close);
  defer(() => processes.stop());
  const tool = (name: string, env?: NodeJS.ProcessEnv) => {
    const started = startTool(name, env);
    defer(started.stop);
    return started;
  };
  return {
    database,
    defer,
    tool,
    folder() {
      const folder = mkdtempSync(join(tmpdir(), "postkey-bench-part-"));
      chmodSync(folder, 0o755); // servers run as other users
      defer(() => rmSync(folder, { recursive: true, force: true }));
      return folder;
    },
    sandbox: (url: string) => startSandbox({ processes, dataFolder: DATA_FOLDER, url }),
    /** A database as a first start leaves it, and what runs on it with these variables once it is asked for. */
    async install(name: string, options: { url?: string; extra?: Extra } = {}) {
      const { url = await freeAddress(), extra } = options;
      const databaseUrl = await createDatabase(database.url, name);
      const env = productEnvironment({ dataFolder: DATA_FOLDER, databaseUrl, url, extra });
      const first = { DEMO_EMAIL: ADMINISTRATOR.email, DEMO_PASSWORD: ADMINISTRATOR.password };
      const { lock } = await bootstrap({ ...env, ...first });
      if (lock) throw new Error(lock);
      const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
      defer(() => pool.end());
      const start = (kind: string, args: string[]) => {
        const child = processes.start({ name: `${kind}-${name}`, args, env });
        return { child, pid: child.pid ?? 0 };
      };
      const serve = async (kind: "web" | "gateway", port: number): Promise<Server> => {
        const at = { host: "127.0.0.1", port, env };
        const { child, pid } = start(kind, commands[kind](at));
        await waitUntilServing({ ...at, child, name: kind });
        return { url: `http://localhost:${port}`, pid };
      };
      return {
        url,
        env,
        query: async <R extends pg.QueryResultRow>(
          sql: string,
          values: unknown[] = [],
        ): Promise<R[]> => (await pool.query<R>(sql, values)).rows,
        web: () => serve("web", Number(new URL(url).port)),
        gateway: async () => serve("gateway", await freePort()),
        keeper: () => start("keeper", commands.keeper()).pid,
        /** Runs an order of tools/seed.ts with the product's code and key. */
        seed: <T>(order: object) => tool("seed", env).ask<T>(order),
      };
    },
    async close() {
      for (let last = closers.pop(); last; last = closers.pop()) await last();
    },
  };
}

export async function freeAddress(): Promise<string> {
  return `http://localhost:${await freePort()}`;
}

async function createDatabase(server: string, name: string): Promise<string> {
  const connected = async (url: string, work: (client: pg.Client) => Promise<unknown>) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await work(client).finally(() => client.end());
  };
  const { href } = Object.assign(new URL(server), { pathname: `/${name}` });
  await connected(server, (client) => client.query(`CREATE DATABASE ${name}`));
  await connected(href, (client) => migrate(client, "prisma/migrations"));
  return href;
}

/** Fills lists with so many rows of each kind. */
export async function seedFleet({ query }: Site, rows: number): Promise<void> {
  const { accounts, others } = fleetOf(rows);
  // As if a keeper ran: without one every page carries a warning.
  const beat = `INSERT INTO "KeeperHeartbeat" ("keeperId", "beatAt") VALUES ('bench', now() + interval '1 day')`;
  for (const sql of [...accounts, ...others, beat, "VACUUM (ANALYZE)", "CHECKPOINT"])
    await query(sql);
}

export const CLOUD = "bench";
export const AUDIENCE = "https://outlook.office.com";

/** The variables by which the product knows a cloud with these mail servers. */
export function cloudOf({ imap, smtp, pop3, caPem }: Omit<MailServers, "other" | "close">): Extra {
  const here = "https://localhost";
  const cloud = {
    id: CLOUD,
    label: CLOUD,
    authority: here,
    authorizeOrigin: here,
    portal: here,
    scopeHost: AUDIENCE,
    mail: { imap, smtp, pop3 },
  };
  const folder = mkdtempSync(join(DATA_FOLDER, "cloud-"));
  const files = { clouds: join(folder, "clouds.json"), ca: join(folder, "ca.pem") };
  writeFileSync(files.clouds, JSON.stringify([cloud]));
  writeFileSync(files.ca, caPem);
  return { POSTKEY_CLOUDS_FILE: files.clouds, POSTKEY_CA_FILE: files.ca };
}
