import type { Actor } from "@/lib/kernel/actor";
import { requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import type { AnyOperation, Call } from "./operation";

/** What `ETag` says of a resource, and `If-Match` of the one that is meant: its version. */
export function etagOf(answered: unknown): string | undefined {
  if (typeof answered !== "object" || answered === null || !("version" in answered))
    return undefined;
  return typeof answered.version === "number" ? `"${answered.version}"` : undefined;
}

type Versioned = Pick<Call, "request" | "reads"> & { actor: Actor; params: unknown };

/**
 * RFC 9110 §13.1.1: the operation is done only if the stored version is one of those that are named.
 * @throws AppError precondition_failed, invalid_request where nothing has a version, not_found
 */
export async function requireMatch(operation: AnyOperation, call: Versioned): Promise<void> {
  const { request, reads, actor, params } = call;
  const named = request.headers.get("if-match");
  if (named === null || operation.method === "GET") return;
  if (!operation.isVersioned || !reads)
    throw new AppError("invalid_request", "This operation takes no If-Match.");
  if (reads.permission) requirePermissionOnAccounts(actor, reads.permission);
  const stored = etagOf(await reads.handle({ actor, request, params } as never));
  const tags = named.split(",").map((tag) => tag.trim());
  if (tags.includes("*") || (stored !== undefined && tags.includes(stored))) return;
  throw new AppError(
    "precondition_failed",
    `If-Match names another version than the stored one, which is ${stored}. Nothing was changed. Read it again, and send your change with its new ETag.`,
  );
}

/** What became stale while it was done names another version as well, if it named one. */
export function unlessOvertaken<T>(request: Request, done: Promise<T>): Promise<T> {
  return done.catch((cause: unknown) => {
    const isOvertaken = cause instanceof AppError && cause.code === "stale";
    if (!isOvertaken || !request.headers.has("if-match")) throw cause;
    throw new AppError("precondition_failed", cause.message, { cause });
  });
}

/** The version that a change is for, if it names one: then no change made in the meantime is lost. */
export function versionNamed(request: Request): { version?: number } {
  const [, version] = /^"(\d{1,9})"$/.exec(request.headers.get("if-match")?.trim() ?? "") ?? [];
  return version === undefined ? {} : { version: Number(version) };
}
