import "server-only";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import { type Client, Pool, type PoolConfig } from "pg";
import { type Prisma, PrismaClient } from "@/prisma/generated/client";
import { waitAfterFailures } from "./backoff";
import { elapsed } from "./clock";
import { DatabaseClient } from "./database-client.mjs";
import { isConflict, isLockTimeout, ownErrorsOf } from "./database-errors";
import { env } from "./env";
import { singleton } from "./singleton";
import type { Transaction } from "./transaction";

/** Milliseconds: no query may hold a person or a lease longer than this. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** Less than Prisma gives a transaction (5 s): a wait for a row ends with an error that says so. */
const LOCK_TIMEOUT_MS = 4_000;
/** Longer than any transaction may take: what is open then is of a process that hangs, and holds rows. */
const IDLE_TRANSACTION_TIMEOUT_MS = 15_000;
/** For a connection, of the pool or to the server. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A little more than the longest statement may take, which deletes a large list. */
const LONGEST_STATEMENT_MS = 75_000;
/** A connection that is always in use never lies idle long enough to be replaced for that. */
const MAX_LIFETIME_S = 10 * 60;

/** The pool below Prisma, and for what is read or written without it. */
export function pool(): Pool {
  return singleton("pool", () => {
    const options: PoolConfig & { longestMs: number; onSilent: () => void } = {
      Client: DatabaseClient,
      connectionString: withSettings(env().databaseUrl),
      max: 10,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      // A server's process holds 8 MB: what a burst needed goes back soon, and two stay, for ten minutes each.
      idleTimeoutMillis: 10_000,
      min: 2,
      maxLifetimeSeconds: MAX_LIFETIME_S,
      longestMs: LONGEST_STATEMENT_MS,
      onSilent: abandonIdle,
    };
    const created = new Pool(options);
    // A connection that dies while idle is replaced at the next use; one that dies between two
    // statements of a transaction fails the next of them, and is not to end the process.
    created.on("error", () => {});
    created.on("connect", (client) => {
      client.on("error", () => {});
      ownErrorsOf(client, "query");
    });
    followIdle(created);
    ownErrorsOf(created, "query");
    ownErrorsOf(created, "connect");
    return created;
  });
}

/** Idle connections of the pool. */
const idle = () => singleton("idle-connections", () => new Set<Client>());

function followIdle(all: Pool): void {
  all.on("release", (_error, client) => idle().add(client));
  all.on("acquire", (client) => idle().delete(client));
  all.on("remove", (client) => idle().delete(client));
}

/** What silenced one connection silenced those that lie idle: else each would cost its next user seconds. */
function abandonIdle(): void {
  for (const each of idle()) if (each instanceof DatabaseClient) each.abandon();
}

/**
 * Prisma writes a time without its zone (UTC) and the server reads it in that of the session, which an
 * operator, a role or the machine where the embedded server was made may have set to another one. And a server
 * that compiles statements (jit) takes seconds for some that run for milliseconds.
 */
function withSettings(databaseUrl: string): string {
  const settings = "-c%20timezone%3DUTC%20-c%20jit%3Doff";
  // As text: what is written for a socket in a folder, new URL does not read.
  if (/[?&]options=/.test(databaseUrl))
    return databaseUrl.replace(/[?&]options=[^&]*/, (given) => `${given}%20${settings}`);
  return `${databaseUrl}${databaseUrl.includes("?") ? "&" : "?"}options=${settings}`;
}

/** Opened at first use, so that a build needs no database. */
export function db(): PrismaClient {
  // A transaction waits for its connection as long as a query does, and not Prisma's two seconds.
  const transactionOptions = { maxWait: CONNECT_TIMEOUT_MS };
  return singleton(
    "prisma",
    () => new PrismaClient({ adapter: new PrismaPg(pool()), transactionOptions }),
  );
}

/**
 * The rows of a statement whose text never changes: a connection reads and plans it once. What depends on a value
 * for its plan has the value in its text, or is no such statement.
 */
export async function prepared<R extends object>({ text, values }: Prisma.Sql): Promise<R[]> {
  const name = createHash("sha1").update(text).digest("base64");
  const { rows } = await pool().query<R>({ name, text, values });
  return rows;
}

/**
 * A connection of its own, outside the pool and without its limits: for LISTEN, and for what takes long,
 * such as copying. The caller connects it and ends it.
 */
export function createConnection(): Client & Pick<DatabaseClient, "abandon"> {
  const client = new DatabaseClient({
    connectionString: env().databaseUrl,
    onSilent: abandonIdle,
  });
  // Every waiting statement fails with it; no other code has to handle it.
  client.on("error", () => {});
  return client;
}

/**
 * The rows of a statement that is put together. Without values it is one of some hundreds, which are prepared and
 * forgotten with their connection; another is planned for its values each time.
 */
export async function rowsOf<R extends object>(statement: Prisma.Sql): Promise<R[]> {
  const { text, values } = statement;
  if (values.length === 0) return prepared(statement);
  const { rows } = await pool().query<R>({ text, values });
  return rows;
}

/** As many as a crowd needs that decides about the same at once; all waits together are five seconds, and rarely more. */
const MAX_REPEATS = 10;
const REPEAT = { firstMs: 20, longestMs: 2_000, leastMs: 0 };

const SERIALIZABLE = { isolationLevel: "Serializable" } as const;

/** Two waits for a lock, and the work behind the second one: a person waits no longer for an answer. */
const WAITS_FOR_LOCKS_MS = 2 * LOCK_TIMEOUT_MS;

/**
 * A serializable transaction. It is repeated when another one was in its way: of two that met, nothing
 * of one was written (PostgreSQL, 13.2.3).
 *
 * @param waitsForLocks also when it waited too long for a lock, some seconds more
 */
export async function serializable<T>(
  work: (tx: Transaction) => Promise<T>,
  { waitsForLocks = false } = {},
): Promise<T> {
  const waitsUntil = elapsed() + (waitsForLocks ? WAITS_FOR_LOCKS_MS : 0);
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await db().$transaction(work, SERIALIZABLE);
    } catch (error) {
      const maySucceed = isConflict(error) || (isLockTimeout(error) && elapsed() < waitsUntil);
      if (repeats === MAX_REPEATS || !maySucceed) throw error;
    }
    await sleep(waitAfterFailures(REPEAT, repeats));
  }
}
