import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type Pool } from "pg";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { forgetSingletons, singletons } from "./singletons";

/** Gives the test file a database and a key of its own, and the environment that names them. */
export function withDatabase(): void {
  let drop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const database = await createDatabase();
    drop = database.drop;
    process.env.DATABASE_URL = database.url;
    process.env.POSTKEY_URL = "http://localhost:3000";
    process.env.POSTKEY_KEY = randomBytes(32).toString("base64");
    forgetSingletons();
  });
  afterAll(async () => {
    await db().$disconnect();
    await pool().end();
    await drop?.();
  });
}

/** Deletes what these tables have, in this order. */
export async function empty(...tables: string[]): Promise<void> {
  for (const table of tables) await pool().query(`DELETE FROM "${table}"`);
}

/** A copy of the migrated template; `empty` without even the migrations. */
export async function createDatabase({ empty = false } = {}) {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const template = new URL(inject("templateDatabaseUrl"));
  const source = empty ? "template0" : template.pathname.slice(1);
  await administrate(`CREATE DATABASE ${name} TEMPLATE ${source}`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administrate(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Holds a table until `work` waits for it and `meanwhile` is done. @returns what `work` then comes to */
export async function whileLocked<T>(
  table: string,
  work: () => Promise<T>,
  meanwhile: (tx: Transaction) => unknown,
): Promise<T> {
  const held = async (tx: Transaction) => {
    await tx.$executeRawUnsafe(`LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`);
    const working = work();
    const waiting = () => tx.$queryRaw`SELECT FROM pg_locks WHERE NOT granted
      AND relation = (SELECT oid FROM pg_class WHERE relname = ${table})`;
    await expect.poll(waiting, { timeout: 10_000 }).not.toEqual([]);
    await meanwhile(tx);
    return () => working;
  };
  const outcome = await db().$transaction(held, { timeout: 20_000 });
  return outcome();
}

/** Two copies of one template at once get in each other's way: they take turns. */
const TURN = 4711;

async function administrate(sql: string): Promise<void> {
  const url = new URL(inject("templateDatabaseUrl"));
  url.pathname = "/postgres";
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${TURN})`);
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Works as a process of another installation does, and comes back to the one of the test file. */
export async function inAnotherProcess<T>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const { postkey: kept } = singletons;
  const environment = { ...process.env };
  singletons.postkey = new Map();
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    await db().$disconnect();
    await pool().end();
    singletons.postkey = kept;
    for (const name of Object.keys(variables)) process.env[name] = environment[name] ?? "";
  }
}

/**
 * Ends the connections of a pool and lets it make no new ones, as a server that is down does.
 * @returns what lets it again
 */
export async function breakDatabase(broken: Pool): Promise<() => void> {
  const { options } = broken;
  const { connectionString = "" } = options;
  const nowhere = new URL(connectionString);
  nowhere.port = "1";
  options.connectionString = nowhere.href;
  const name = nowhere.pathname.slice(1);
  await administrate(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
  // Until the pool has noticed: what it hands out afterwards would be one of the dead.
  while (broken.idleCount > 0) await sleep(5);
  return () => {
    options.connectionString = connectionString;
  };
}

/** Lets the database of a pool refuse every write, as one that follows another does; or take them again. */
export async function setReadOnly(of: Pool, isReadOnly: boolean): Promise<void> {
  const { connectionString = "" } = of.options;
  const name = new URL(connectionString).pathname.slice(1);
  await administrate(`ALTER DATABASE ${name} SET default_transaction_read_only = ${isReadOnly}`);
  // Connections know it from their start on.
  await administrate(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
  while (of.idleCount > 0) await sleep(5);
}
