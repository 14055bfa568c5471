import "server-only";
import type { Actor } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/mutations";
import { HOUR_MS, MINUTE_MS } from "@/lib/clock";
import { db } from "@/lib/db";
import { log } from "@/lib/log";
import { singleton } from "@/lib/singleton";
import { saveLastUse } from "./store";

/** One call of a program that was answered. */
export type KeyUse = {
  /** The operation, as the API's description names it. */
  operation: string;
  /** The path, with the object's id in it; of what was refused, the operation's. */
  path: string;
  status: number;
};

type Counted = { actor: Actor; use: KeyUse; count: number; since: number };

/** A program that fetches a token a thousand times a second would be all that the trail tells of. */
const WINDOW_MS = HOUR_MS;
const FLUSH_EVERY_MS = MINUTE_MS;
/** More different ones than this are written down at once, so that the memory has an end. */
const MAX_COUNTED = 10_000;

function counted(): Map<string, Counted> {
  return singleton("api-key-uses", () => {
    const uses = new Map<string, Counted>();
    setInterval(() => void flushUses(WINDOW_MS), FLUSH_EVERY_MS).unref();
    return uses;
  });
}

function used(): Set<string> {
  return singleton("api-keys-used", () => new Set<string>());
}

/**
 * Writes a use into the audit trail: the first of its kind (key, operation, object, outcome, address) before
 * the program gets its answer, and those of the hour that follow as one number. What a process that is
 * killed had counted is lost; that there were uses is not.
 */
export async function recordUse(actor: Actor, use: KeyUse): Promise<void> {
  const uses = counted();
  used().add(actor.id);
  const kind = [actor.id, actor.address, use.operation, use.path, use.status].join(" ");
  const known = uses.get(kind);
  if (known) {
    known.count += 1;
    return;
  }
  if (uses.size >= MAX_COUNTED) await flushUses(0);
  uses.set(kind, { actor, use, count: 0, since: Date.now() });
  try {
    await write({ actor, use, count: 1 });
  } catch (error) {
    uses.delete(kind);
    throw error;
  }
}

/** Writes down what was counted for as long as this, and forgets it. */
export async function flushUses(olderThanMs: number): Promise<void> {
  const uses = counted();
  try {
    const ids = [...used()];
    used().clear();
    if (ids.length > 0) await saveLastUse(ids);
    for (const [kind, each] of uses) {
      if (Date.now() - each.since < olderThanMs) continue;
      uses.delete(kind);
      if (each.count > 0) await write(each);
    }
  } catch (error) {
    log.warn({ error }, "uses of API keys were not written down");
  }
}

async function write({ actor, use, count }: Omit<Counted, "since">): Promise<void> {
  const object = { kind: "api_key", id: actor.id, name: actor.name };
  await db().$transaction((tx) =>
    recordAudit(tx, actor, { action: "api_key.use", object, detail: { ...use, count } }),
  );
}
