import "server-only";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import { type Client, Pool, type PoolConfig } from "pg";
import { Prisma, PrismaClient } from "@/prisma/generated/client";
import { waitAfterFailures } from "./backoff";
import { DatabaseClient } from "./database-client.mjs";
import { env } from "./env";
import { AppError } from "./errors";
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

/** The pool below Prisma: for LISTEN, and for the few statements that are hot. */
export function pool(): Pool {
  return singleton("pool", () => {
    const options: PoolConfig & { longestMs: number; onSilent: () => void } = {
      Client: DatabaseClient,
      connectionString: inUtc(env().databaseUrl),
      max: 10,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
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
 * operator, a role or the machine where the embedded server was made may have set to another one.
 */
function inUtc(databaseUrl: string): string {
  const utc = "-c%20timezone%3DUTC";
  // As text: what is written for a socket in a folder, new URL does not read.
  if (/[?&]options=/.test(databaseUrl))
    return databaseUrl.replace(/[?&]options=[^&]*/, (given) => `${given}%20${utc}`);
  return `${databaseUrl}${databaseUrl.includes("?") ? "&" : "?"}options=${utc}`;
}

/** Errors that a call to the database ended with; the name of a host that is gone has many askers. */
function ownErrors(): WeakSet<object> {
  return singleton("database-errors", () => new WeakSet());
}

/** Notes a method's failure. A method with a callback returns nothing: its caller notes the failure. */
function ownErrorsOf<M extends string>(
  target: Record<M, (...args: never[]) => unknown>,
  method: M,
): void {
  const call = target[method].bind(target);
  target[method] = (...args) => {
    const result = call(...args);
    if (result instanceof Promise) result.catch((error) => ownErrors().add(Object(error)));
    return result;
  };
}

/** Opened at first use, so that a build needs no database. */
export function db(): PrismaClient {
  return singleton("prisma", () => new PrismaClient({ adapter: new PrismaPg(pool()) }));
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
  // Every waiting statement fails with it; no other code has to hear of it.
  client.on("error", () => {});
  return client;
}

const CONFLICTS = new Set(["P2034", "TransactionWriteConflict", "40001", "40P01"]);
const MAX_REPEATS = 3;
const REPEAT = { firstMs: 20, longestMs: 160, leastMs: 0 };

/**
 * A serializable transaction. It is repeated when another one was in its way: of two that met, nothing
 * of one was written (PostgreSQL, 13.2.3).
 */
export async function serializable<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await db().$transaction(work, { isolationLevel: "Serializable" });
    } catch (error) {
      if (repeats === MAX_REPEATS || !hasCode(error, CONFLICTS)) throw error;
    }
    await sleep(waitAfterFailures(REPEAT, repeats));
  }
}

/** The database's errors that callers can act on, as ours; everything else unchanged. */
export function translateDatabaseError(error: unknown): unknown {
  // It has been translated already.
  if (error instanceof AppError) return error;
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    if (error.code === "P2002")
      return new AppError("conflict", "This already exists.", { cause: error });
    if (error.code === "P2025") return new AppError("not_found", "Not found.", { cause: error });
    if (error.code === "P2003")
      return new AppError("conflict", "Something else still refers to this.", { cause: error });
  }
  const why = temporaryReason(error);
  return why ? new AppError("temporarily_unavailable", why, { cause: error }) : error;
}

/** Why the same again may succeed: nothing was written. */
function temporaryReason(error: unknown): string | null {
  if (hasCode(error, CONFLICTS)) return "Someone else was faster. Try again.";
  if (isReadOnly(error))
    return "The database is read-only at the moment. Nothing was saved; try again in a moment.";
  if (hasCode(error, FULL))
    return "The disk of the database is full. Nothing was saved; free some space.";
  if (hasCode(error, BUSY)) return "The database is busy. Try again in a moment.";
  if (isUnreachable(error)) return "The database is not responding. Try again in a moment.";
  return null;
}

/** Whether the database answers reads and refuses writes: a standby, or its operator said so. */
export function isReadOnly(error: unknown): boolean {
  return hasCode(error, READ_ONLY);
}

// PostgreSQL, appendix A: a write in a read-only transaction.
const READ_ONLY = new Set(["25006"]);

// PostgreSQL, appendix A: the disk is full.
const FULL = new Set(["53100"]);

const BUSY = new Set([
  // PostgreSQL, appendix A: took too long, waited too long for a lock, too long open without a word.
  "57014",
  "55P03",
  "25P03",
  // Prisma: no connection for a transaction in time, or it took too long and was rolled back.
  "P2028",
]);

/** Node's, of whatever was connected to. */
const LOST = new Set(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EPIPE"]);

const UNREACHABLE = new Set([
  "P1001",
  "P1017",
  // PostgreSQL, appendix A: its disk failed, shut down, crashed, starting up, no connection left.
  "58030",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  // The same below a raw query, where Prisma gives all of them the code P2010.
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);

/** pg gives these no code at all. */
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

function isUnreachable(error: unknown): boolean {
  const all = layers(error);
  if (all.some((layer) => isCoded(layer, UNREACHABLE))) return true;
  return (
    all.some(isOfDatabase) && all.some((layer) => isCoded(layer, LOST) || isLostConnection(layer))
  );
}

/** Whether it is an error of the database's own client, and not of another network connection. */
function isOfDatabase(layer: object): boolean {
  return layer instanceof Prisma.PrismaClientKnownRequestError || ownErrors().has(layer);
}

function hasCode(error: unknown, codes: ReadonlySet<string>): boolean {
  return layers(error).some((layer) => isCoded(layer, codes));
}

function isLostConnection(layer: object): boolean {
  return layer instanceof Error && LOST_CONNECTION.test(layer.message);
}

function isCoded(layer: object, codes: ReadonlySet<string>): boolean {
  const names = ["code" in layer && layer.code, "kind" in layer && layer.kind];
  return names.some((name) => codes.has(String(name)));
}

/** An error and what it was made from: Prisma wraps the adapter's errors, which wrap the driver's. */
function layers(error: unknown, depth = 0): object[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const inner = [
    "cause" in error && error.cause,
    error instanceof Prisma.PrismaClientKnownRequestError && error.meta?.driverAdapterError,
  ];
  return [error, ...inner.flatMap((each) => layers(each, depth + 1))];
}
