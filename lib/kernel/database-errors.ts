import "server-only";
import { Prisma } from "@/prisma/generated/client";
import { AppError } from "./errors";
import { singleton } from "./singleton";

/** Errors that a call to the database ended with; the name of a host that is gone has many askers. */
function ownErrors(): WeakSet<object> {
  return singleton("database-errors", () => new WeakSet());
}

/** Notes a method's failure as the database's. A method with a callback returns nothing: its caller notes the failure. */
export function ownErrorsOf<M extends string>(
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
  if (why === null) return error;
  const [message, retryAfterSeconds] = why;
  return new AppError("temporarily_unavailable", message, { cause: error, retryAfterSeconds });
}

/** Whether the database is away, busy, full or read-only, so that the same may succeed in a moment. */
export function isPassingDatabaseError(error: unknown): boolean {
  const translated = translateDatabaseError(error);
  return translated instanceof AppError && translated.code === "temporarily_unavailable";
}

/** Whether two transactions were in each other's way, so that the same again may succeed. */
export function isConflict(error: unknown): boolean {
  return hasCode(error, CONFLICTS);
}

/** Whether a statement waited for a lock for as long as it may. */
export function isLockTimeout(error: unknown): boolean {
  return hasCode(error, LOCK_TIMEOUT);
}

/** Why the same again may succeed, and after how many seconds: nothing was written. */
function temporaryReason(error: unknown): [string, number] | null {
  if (isConflict(error))
    return ["Others changed the same at this moment. Nothing was saved; try again.", 1];
  if (isReadOnly(error))
    return [
      "The database is read-only at the moment. Nothing was saved; try again in a moment.",
      AWAY_S,
    ];
  if (hasCode(error, FULL))
    return ["The disk of the database is full. Nothing was saved; free some space.", FULL_S];
  if (hasCode(error, BUSY) || layers(error).some(isOfStalePlan))
    return ["The database is busy. Try again in a moment.", BUSY_S];
  if (isUnreachable(error))
    return ["The database is not responding. Try again in a moment.", AWAY_S];
  return null;
}

/** What others hold is free again in a moment; a database that starts again takes a few seconds. */
const BUSY_S = 2;
const AWAY_S = 5;
/** A person has to do something. */
const FULL_S = 60;

/** Whether the database answers reads and refuses writes: a standby, or its operator said so. */
export function isReadOnly(error: unknown): boolean {
  return hasCode(error, READ_ONLY);
}

const CONFLICTS = new Set(["P2034", "TransactionWriteConflict", "40001", "40P01"]);

// PostgreSQL, appendix A: a write in a read-only transaction.
const READ_ONLY = new Set(["25006"]);

// PostgreSQL, appendix A: the disk is full.
const FULL = new Set(["53100"]);

// PostgreSQL, appendix A: waited too long for a lock.
const LOCK_TIMEOUT = new Set(["55P03"]);

const BUSY = new Set([
  ...LOCK_TIMEOUT,
  // PostgreSQL, appendix A: took too long, too long open without a word.
  "57014",
  "25P03",
  // A pooler let go of a prepared statement, or gave a connection that has it already: the pool takes another.
  "26000",
  "42P05",
  // Prisma: no connection for a transaction in time, or it took too long and was rolled back.
  "P2028",
]);

/**
 * Whether a statement was prepared before its tables were changed, as an update of Postkey does under one that
 * still runs. The pool lets its connection go, and another prepares it again. The code alone says less (0A000).
 */
function isOfStalePlan(layer: object): boolean {
  const isNamed = "routine" in layer && layer.routine === "RevalidateCachedQuery";
  return isNamed || (layer instanceof Error && layer.message.includes("cached plan must not"));
}

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
