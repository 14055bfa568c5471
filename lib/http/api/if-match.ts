import type { Actor } from "@/lib/kernel/actor";
import { requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import type { AnyOperation, Call } from "./operation";

export function etagOf(answered: unknown): string | undefined {
  if (typeof answered !== "object" || answered === null || !("version" in answered))
    return undefined;
  return typeof answered.version === "number" ? `"${answered.version}"` : undefined;
}

type Versioned = Pick<Call, "request" | "reads"> & { actor: Actor; params: unknown };

/** RFC 9110 §13.1.1. @throws AppError precondition_failed, invalid_request, not_found */
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

/** A change meanwhile fails the precondition too. */
export function unlessOvertaken<T>(request: Request, done: Promise<T>): Promise<T> {
  return done.catch((cause: unknown) => {
    const isOvertaken = cause instanceof AppError && cause.code === "stale";
    if (!isOvertaken || !request.headers.has("if-match")) throw cause;
    throw new AppError("precondition_failed", cause.message, { cause });
  });
}

/** Named, no change made meanwhile is lost. */
export function versionNamed(request: Request): { version?: number } {
  const [, version] = /^"(\d{1,9})"$/.exec(request.headers.get("if-match")?.trim() ?? "") ?? [];
  return version === undefined ? {} : { version: Number(version) };
}
