import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import type { Command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { KeyPermission } from "@/lib/programs/schema";
import { type AnyOperation, type Call, type Editing, fieldsOf, idParam } from "./operation";
import { JSON_TYPE, readAs } from "./read-input";

type Values = Readonly<Record<string, unknown>>;

/** A resource that GET reads and PUT and PATCH change, all three with the same fields. */
type Editable<S extends z.ZodType = z.ZodType, A extends z.ZodObject = z.ZodObject> = {
  /** What GET answers: its fields that the schema does not have are read-only. */
  answer: A;
  /** The fields that may be changed, as GET shows them: what a patch is merged with; null when it is gone. */
  findEdited(actor: Actor, id: string): Promise<Values | null>;
  /** Its input is PUT's, with the id in the address; `stale` for another version than the stored one. */
  update: Command<S, unknown>;
  notFound(): AppError;
};

type Resource<S extends z.ZodType, A extends z.ZodObject> = Editable<S, A> & {
  /** Such as `EmailAccount`: paths, ids and summaries follow from it. */
  name: string;
  tag: string;
  answered: string;
  find(actor: Actor, id: string): Promise<z.input<A> | null>;
  put?: Partial<Description>;
  patch?: Partial<Description>;
  /** Gives a patch of its fields alone, by rules of its own. */
  patchAlone?: Command<z.ZodObject, unknown>;
};

type Asked = { actor: Actor; params: Readonly<Record<string, string>> };
type Edited = Asked & { version?: number; body: z.output<typeof anObject> };

type Description = { id: string; summary: string; description?: string };

const anObject = z.record(z.string(), z.unknown(), { error: "Send a JSON object." });

const PUT_RULES =
  "Send what GET returned, with your changes: `version` is the one that you read, and if it is no longer the stored one, nothing is changed (`stale`). A field that you leave out gets its default, a secret stays what it is. Read-only fields are passed over. If nothing differs, nothing is written.";
const PATCH_RULES =
  "A JSON merge patch (RFC 7396): send only the fields to change. `null` is for fields that can be null: any other field refuses it, as in PUT. Without `version` the patch applies to whatever is stored; with it, only to that version (`stale`). The result is checked by the rules of PUT.";

/** GET, PUT and PATCH of one object. */
export function resourceOperations<S extends z.ZodType, A extends z.ZodObject>(
  resource: Resource<S, A>,
) {
  const { name, answer, answered: description, tag, patchAlone } = resource;
  const { input: schema, permission } = resource.update;
  const { path, idParameter, noun, one } = namesOf(name);
  const at = { path, tag, params: z.object({ [idParameter]: idParam }) };
  const shared = {
    ...at,
    permission: permission as KeyPermission, // as in commandOperation
    errors: ["conflict", "stale", "unprocessable"] as const,
    isVersioned: true,
  } as const;
  const saved = {
    status: 200,
    description: `${description} As it is now.`,
    schema: answer,
  } as const;
  const idOf = (params: Readonly<Record<string, string>>) => params[idParameter] ?? "";
  const getOperation: AnyOperation = {
    ...at,
    id: `get${name}`,
    summary: `One ${noun}`,
    permission: permission.replace(/write$/, "read") as KeyPermission, // as in commandOperation
    method: "GET",
    answer: { status: 200, description, schema: answer },
    handle: ({ actor, params }: Asked) => findOne(resource, actor, idOf(params)),
  };
  const put: AnyOperation = {
    ...shared,
    ...withRules({ id: `update${name}`, summary: `Change ${one}`, ...resource.put }, PUT_RULES),
    method: "PUT",
    body: anObject,
    edits: { schema, answer, isPatch: false },
    answer: saved,
    async handle({ actor, version, params, body }: Edited) {
      const id = idOf(params);
      await replace(resource, { actor, id, body: { ...(version && { version }), ...body } });
      return findOne(resource, actor, id);
    },
  };
  const patching = { id: `patch${name}`, summary: `Change some fields of ${one}` };
  const patchOperation: AnyOperation = {
    ...shared,
    ...withRules({ ...patching, ...resource.patch }, PATCH_RULES),
    method: "PATCH",
    body: anObject,
    takes: ["application/merge-patch+json", JSON_TYPE],
    edits: { schema, answer, isPatch: true },
    answer: saved,
    async handle({ actor, version, params, body }: Edited) {
      const id = idOf(params);
      const alone = patchAlone?.input.safeParse({ ...body, id });
      if (patchAlone && alone?.success) await patchAlone(actor, alone.data, version);
      else await patch(resource, { actor, id, body: { ...(version && { version }), ...body } });
      return findOne(resource, actor, id);
    },
  };
  return { get: getOperation, put, patch: patchOperation };
}

async function findOne<A extends z.ZodObject>(
  { find, notFound }: Pick<Resource<z.ZodType, A>, "find" | "notFound">,
  actor: Actor,
  id: string,
) {
  const found = await find(actor, id);
  if (!found) throw notFound();
  return found;
}

function namesOf(name: string) {
  const inPath = name.charAt(0).toLowerCase() + name.slice(1);
  const idParameter = `${inPath}Id`;
  const noun = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  const one = `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
  return { path: `/api/${inPath}s/{${idParameter}}` as const, idParameter, noun, one };
}

function withRules({ description, ...rest }: Description, rules: string): Description {
  return { ...rest, description: description ? `${description}\n\n${rules}` : rules };
}

type Edit = { actor: Actor; id: string; body: Values };

/** What may be sent again although it can't be changed. */
export function readOnlyFields({ schema, answer }: Omit<Editing, "isPatch">): string[] {
  const changeable = fieldsOf(schema);
  return ["id", ...Object.keys(answer.shape).filter((name) => !changeable.includes(name))];
}

/** @throws AppError unprocessable with fields, stale, not_found */
async function replace<S extends z.ZodType>(editable: Editable<S>, { actor, id, body }: Edit) {
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
async function patch<S extends z.ZodType>(editable: Editable<S>, { actor, id, body }: Edit) {
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

/**
 * RFC 9110 §13.1.1. @returns the stored version where it was named, for the change to ask for it once more
 * @throws AppError precondition_failed, invalid_request, not_found
 */
export async function requireMatch(operation: AnyOperation, call: Versioned) {
  const { request, reads, actor, params } = call;
  const named = request.headers.get("if-match");
  if (named === null || operation.method === "GET") return undefined;
  if (!operation.isVersioned || !reads)
    throw new AppError("invalid_request", "This operation takes no If-Match.");
  if (reads.permission) requirePermissionOnAccounts(actor, reads.permission);
  const stored = etagOf(await reads.handle({ actor, request, params } as never));
  const tags = named.split(",").map((tag) => tag.trim());
  if (stored !== undefined && tags.includes(stored)) return Number(stored.slice(1, -1));
  if (tags.includes("*")) return undefined;
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
