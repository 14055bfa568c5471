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

/** Below Prisma's 5 s per transaction, so that a wait for a lock says so. */
const LOCK_TIMEOUT_MS = 4_000;
/** Above any transaction's limit: ends those of hung processes. */
const IDLE_TRANSACTION_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Above the longest statement, which deletes a large list. */
const LONGEST_STATEMENT_MS = 75_000;
/** A busy connection is never idle long enough to be replaced. */
const MAX_LIFETIME_S = 10 * 60;

/** Below Prisma, and for statements without it. */
export function pool(): Pool {
  return singleton("pool", () => {
    const options: PoolConfig & { longestMs: number; onSilent: () => void } = {
      Client: DatabaseClient,
      connectionString: withSettings(env().databaseUrl),
      max: 10,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: 10_000,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      // A server process holds 8 MB; two stay after a burst.
      idleTimeoutMillis: 10_000,
      min: 2,
      maxLifetimeSeconds: MAX_LIFETIME_S,
      longestMs: LONGEST_STATEMENT_MS,
      onSilent: abandonIdle,
    };
    const created = new Pool(options);
    // Dead idle connections are replaced at next use; without a listener the process would end.
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

const idle = () => singleton("idle-connections", () => new Set<Client>());

function followIdle(all: Pool): void {
  all.on("release", (_error, client) => {
    // The pool makes another one, which finds the server that takes writes.
    if (client instanceof DatabaseClient && client.isReadOnly) void client.end();
    else idle().add(client);
  });
  all.on("acquire", (client) => idle().delete(client));
  all.on("remove", (client) => idle().delete(client));
}

/** They were probably silenced too, and each would cost its next user seconds. */
function abandonIdle(): void {
  for (const each of idle()) if (each instanceof DatabaseClient) each.abandon();
}

/** Prisma writes UTC, the server reads the session's zone; jit makes quick queries slow. */
function withSettings(databaseUrl: string): string {
  const settings = "-c%20timezone%3DUTC%20-c%20jit%3Doff";
  // As text: `new URL` cannot read the form for a socket folder.
  if (/[?&]options=/.test(databaseUrl))
    return databaseUrl.replace(/[?&]options=[^&]*/, (given) => `${given}%20${settings}`);
  return `${databaseUrl}${databaseUrl.includes("?") ? "&" : "?"}options=${settings}`;
}

export function db(): PrismaClient {
  // As long as for queries; Prisma's default is two seconds.
  const transactionOptions = { maxWait: CONNECT_TIMEOUT_MS };
  return singleton(
    "prisma",
    () => new PrismaClient({ adapter: new PrismaPg(pool()), transactionOptions }),
  );
}

/** For constant text, planned once; a value that decides the plan belongs in the text. */
export async function prepared<R extends object>({ text, values }: Prisma.Sql): Promise<R[]> {
  const name = createHash("sha1").update(text).digest("base64");
  const { rows } = await pool().query<R>({ name, text, values });
  return rows;
}

/** Outside the pool and its limits, for LISTEN and copying. The caller connects and ends it. */
export function createConnection(): Client & Pick<DatabaseClient, "abandon"> {
  const client = new DatabaseClient({ connectionString: env().databaseUrl, onSilent: abandonIdle });
  // Waiting statements report the error.
  client.on("error", () => {});
  return client;
}

/** Without values there are few such statements, so they are prepared. */
export async function rowsOf<R extends object>(statement: Prisma.Sql): Promise<R[]> {
  const { text, values } = statement;
  if (values.length === 0) return prepared(statement);
  const { rows } = await pool().query<R>({ text, values });
  return rows;
}

/** Enough for a crowd on one row; all waits add up to about five seconds. */
const MAX_REPEATS = 10;
const REPEAT = { firstMs: 20, longestMs: 2_000, leastMs: 0 };

/** Repeated after conflicts (PostgreSQL, 13.2.3). @param waitsForLocks and after lock timeouts */
export async function serializable<T>(
  work: (tx: Transaction) => Promise<T>,
  { waitsForLocks = false } = {},
): Promise<T> {
  const waitsUntil = elapsed() + (waitsForLocks ? 2 * LOCK_TIMEOUT_MS : 0);
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await db().$transaction(work, { isolationLevel: "Serializable" } as const);
    } catch (error) {
      const maySucceed = isConflict(error) || (isLockTimeout(error) && elapsed() < waitsUntil);
      if (repeats === MAX_REPEATS || !maySucceed) throw error;
    }
    await sleep(waitAfterFailures(REPEAT, repeats));
  }
}
