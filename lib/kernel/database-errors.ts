import "server-only";
import { Prisma } from "@/prisma/generated/client";
import { AppError } from "./errors";
import { singleton } from "./singleton";

/** Marked, because the message can name a host that belongs to other clients. */
function ownErrors(): WeakSet<object> {
  return singleton("database-errors", () => new WeakSet());
}

/** A method with a callback returns nothing; its caller notes the failure. */
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

export function translateDatabaseError(error: unknown): unknown {
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

/** Away, busy, full or read-only: the same may succeed in a moment. */
export function isPassingDatabaseError(error: unknown): boolean {
  const translated = translateDatabaseError(error);
  return translated instanceof AppError && translated.code === "temporarily_unavailable";
}

export const isConflict = (error: unknown) => hasCode(error, CONFLICTS);
export const isLockTimeout = (error: unknown) => hasCode(error, LOCK_TIMEOUT);
/** A standby, or set by its operator. */
export const isReadOnly = (error: unknown) => hasCode(error, READ_ONLY);

/** Nothing was written. Reason, and seconds to wait. */
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

/** Seconds: locks are free in a moment, a restart takes longer. */
const BUSY_S = 2;
const AWAY_S = 5;
const FULL_S = 60;

// PostgreSQL, appendix A, and Prisma
const CONFLICTS = new Set(["P2034", "TransactionWriteConflict", "40001", "40P01"]);
const READ_ONLY = new Set(["25006"]);
const FULL = new Set(["53100"]);
const LOCK_TIMEOUT = new Set(["55P03"]);

const BUSY = new Set([
  ...LOCK_TIMEOUT,
  // PostgreSQL, appendix A: statement timeout, idle in transaction
  "57014",
  "25P03",
  // A pooler lost the prepared statement, or has it already.
  "26000",
  "42P05",
  // Prisma: no connection in time, or rolled back for taking too long
  "P2028",
]);

/** Tables changed under a prepared statement, as in an update; code 0A000 alone is ambiguous. */
function isOfStalePlan(layer: object): boolean {
  const isNamed = "routine" in layer && layer.routine === "RevalidateCachedQuery";
  return isNamed || (layer instanceof Error && layer.message.includes("cached plan must not"));
}

/** Node's, for any connection. */
const LOST = new Set(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EPIPE"]);

const UNREACHABLE = new Set([
  "P1001",
  "P1017",
  // PostgreSQL, appendix A: I/O error, shutdown, crash, startup, too many connections
  "58030",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  // Below raw queries, where Prisma says only P2010.
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);

/** pg sets no code for these. */
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

function isUnreachable(error: unknown): boolean {
  const all = layers(error);
  if (all.some((layer) => isCoded(layer, UNREACHABLE))) return true;
  return (
    all.some(isOfDatabase) && all.some((layer) => isCoded(layer, LOST) || isLostConnection(layer))
  );
}

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

/** Prisma wraps the adapter's errors, which wrap the driver's. */
function layers(error: unknown, depth = 0): object[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const inner = [
    "cause" in error && error.cause,
    error instanceof Prisma.PrismaClientKnownRequestError && error.meta?.driverAdapterError,
  ];
  return [error, ...inner.flatMap((each) => layers(each, depth + 1))];
}
