import "server-only";
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import type { Command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { type AnyOperation, type Call, type Editing, fieldsOf } from "./operation";
import { readAs } from "./read-input";

type Values = Readonly<Record<string, unknown>>;

/** A resource that GET reads and PUT and PATCH change, all three with the same fields. */
export type Editable<S extends z.ZodType = z.ZodType, A extends z.ZodObject = z.ZodObject> = {
  /** What GET answers: its fields that the schema does not have are read-only. */
  answer: A;
  /** The fields that may be changed, as GET shows them: what a patch is merged with; null when it is gone. */
  findEdited(actor: Actor, id: string): Promise<Values | null>;
  /** Its input is PUT's, with the id in the address; `stale` for another version than the stored one. */
  update: Command<S, unknown>;
  notFound(): AppError;
};

type Edit = { actor: Actor; id: string; body: Values };

/** What may be sent again although it can't be changed. */
export function readOnlyFields({ schema, answer }: Omit<Editing, "isPatch">): string[] {
  const changeable = fieldsOf(schema);
  return ["id", ...Object.keys(answer.shape).filter((name) => !changeable.includes(name))];
}

/** @throws AppError unprocessable with fields, stale, not_found */
export async function replace<S extends z.ZodType>(
  editable: Editable<S>,
  { actor, id, body }: Edit,
): Promise<void> {
  const current = await editable.findEdited(actor, id);
  if (!current) throw editable.notFound();
  await editable.update(
    actor,
    readAs(editable.update.input, { ...changeable(editable, body), id }),
  );
}

/** Retries of a patch without a version after concurrent changes. */
const ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 60;

/** By the rules of PUT for the whole. @throws AppError unprocessable, stale, not_found */
export async function patch<S extends z.ZodType>(
  editable: Editable<S>,
  { actor, id, body }: Edit,
): Promise<void> {
  const changes = changeable(editable, body);
  for (let attempt = 1; ; attempt += 1) {
    const current = await editable.findEdited(actor, id);
    if (!current) throw editable.notFound();
    const input = readAs(editable.update.input, { ...patched(current, changes), id });
    try {
      await editable.update(actor, input);
      return;
    } catch (error) {
      const isStale = error instanceof AppError && error.code === "stale";
      if (!isStale || !mayRepeat(changes) || attempt === ATTEMPTS) throw error;
      await sleep(randomInt(LONGEST_PAUSE_MS));
    }
  }
}

/** A credential entered meanwhile must not be replaced by an earlier one. */
function mayRepeat(changes: Values): boolean {
  return !("version" in changes) && !("replacement" in changes);
}

/** Null is a value here, not an omission. */
function patched(current: Values, changes: Values): Values {
  const nulls = Object.entries(changes).filter(([, value]) => value === null);
  return Object.fromEntries([...Object.entries(Object(mergePatch(current, changes))), ...nulls]);
}

/** Read-only fields of GET are ignored. */
function changeable(editable: Editable, body: Values): Values {
  const { answer, update } = editable;
  const names = readOnlyFields({ answer, schema: update.input });
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** RFC 7396 §2; a removed field gets its default. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch))
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

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
