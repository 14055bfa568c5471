import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { elapsed, HOUR_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";
import { saveLastUse, saveUses, type UseEntry } from "./store";

/** One call of a program that was answered. */
export type KeyUse = {
  /** The operation, as the API's description names it. */
  operation: string;
  /** The path, with the object's id in it; of what was refused, the operation's. */
  path: string;
  status: number;
};

/** Uses that differ in nothing but the object. */
type Group = { actor: Actor; use: KeyUse | null; objects: Map<string, Tally> };

/** Uses of one object that are not written down yet, and since when that may wait. */
type Tally = { count: number; since: number; isKnown: boolean };

type Counted = {
  groups: Map<string, Group>;
  /** Tallies in all groups. */
  size: number;
  usedKeys: Set<string>;
  flushing: Promise<void>;
  isFailing: boolean;
};

/** A program that fetches a token a thousand times a second would be all that the trail tells of. */
const WINDOW_MS = HOUR_MS;
const FLUSH_EVERY_MS = 10 * SECOND_MS;
/** From here on nothing is told apart that is new: the memory has an end, also while nothing can be written. */
const MAX_TALLIES = 50_000;
const MAX_GROUPS = 5_000;
/** An event stays short enough to be read in a list. */
const OBJECTS_IN_EVENT = 200;
/** In one transaction: others write to the trail as well. */
const EVENTS_AT_ONCE = 25;

const ID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/;

function counted(): Counted {
  return singleton("api-key-uses", () => {
    setInterval(() => void flushUses(WINDOW_MS), FLUSH_EVERY_MS).unref();
    return {
      groups: new Map(),
      size: 0,
      usedKeys: new Set(),
      flushing: Promise.resolve(),
      isFailing: false,
    };
  });
}

/**
 * Counts a use for the audit trail. It waits for nothing and cannot fail: what was done is done, whether it
 * can be written down or not. The first use of its kind (key, operation, object, outcome, address) is written
 * within ten seconds, and those of the hour that follow as one number. Of what a process that is killed had
 * counted, the last seconds and such numbers are lost. When more is new than can be held, uses are summed by
 * kind without their objects, and at last by key.
 * @permission none: it only counts the uses of an API key.
 */
export function recordUse(actor: Actor, use: KeyUse): void {
  const state = counted();
  state.usedKeys.add(actor.id);
  const [object = ""] = ID.exec(use.path) ?? [];
  const group = groupOf(state, actor, { ...use, path: use.path.replace(ID, "{id}") });
  tallyOf(state, group, group.use ? object : "").count += 1;
  if (state.size === MAX_TALLIES / 2) void flushUses(0);
}

function groupOf(state: Counted, actor: Actor, use: KeyUse): Group {
  const { operation, path, status } = use;
  const kind = JSON.stringify([actor.id, actor.address, operation, path, status]);
  const known = state.groups.get(kind);
  if (known) return known;
  if (state.groups.size < MAX_GROUPS) return addGroup(state, kind, { actor, use });
  const { address: _, ...anywhere } = actor;
  return state.groups.get(actor.id) ?? addGroup(state, actor.id, { actor: anywhere, use: null });
}

function addGroup(
  { groups }: Counted,
  kind: string,
  { actor, use }: Omit<Group, "objects">,
): Group {
  const group = { actor, use, objects: new Map() };
  groups.set(kind, group);
  return group;
}

function tallyOf(state: Counted, { objects }: Group, object: string): Tally {
  const isFull = state.size >= MAX_TALLIES;
  const name = isFull && !objects.has(object) ? "" : object;
  const known = objects.get(name);
  if (known) return known;
  const tally = { count: 0, since: elapsed(), isKnown: false };
  objects.set(name, tally);
  state.size += 1;
  return tally;
}

/**
 * Writes down what is new, and what was counted for as long as this, and forgets that. What cannot be written
 * now is kept for the next time.
 */
export function flushUses(olderThanMs: number): Promise<void> {
  const state = counted();
  state.flushing = state.flushing.then(() => flush(state, olderThanMs));
  return state.flushing;
}

async function flush(state: Counted, olderThanMs: number): Promise<void> {
  try {
    await flushKeys(state);
    const parts = [...state.groups.values()].flatMap((group) => partsOf(group, olderThanMs));
    for (let from = 0; from < parts.length; from += EVENTS_AT_ONCE)
      await writeParts(parts.slice(from, from + EVENTS_AT_ONCE));
    forget(state, olderThanMs);
    state.isFailing = false;
  } catch (error) {
    // Once, and not every ten seconds for as long as it lasts.
    if (!state.isFailing) log.warn({ error }, "uses of API keys are not written down for now");
    state.isFailing = true;
  }
}

async function flushKeys({ usedKeys }: Counted): Promise<void> {
  const ids = [...usedKeys];
  if (ids.length === 0) return;
  await saveLastUse(ids);
  for (const id of ids) usedKeys.delete(id);
}

/** What becomes one event: tallies with the numbers that are written of them. */
type Part = { group: Group; taken: { object: string; tally: Tally; count: number }[] };

function partsOf(group: Group, olderThanMs: number): Part[] {
  const taken = [...group.objects].flatMap(([object, tally]) => {
    const { count } = tally;
    return count > 0 && isDue(tally, olderThanMs) ? [{ object, tally, count }] : [];
  });
  const parts: Part[] = [];
  for (let from = 0; from < taken.length; from += OBJECTS_IN_EVENT)
    parts.push({ group, taken: taken.slice(from, from + OBJECTS_IN_EVENT) });
  return parts;
}

function isDue({ isKnown, since }: Tally, olderThanMs: number): boolean {
  return !isKnown || elapsed() - since >= olderThanMs;
}

async function writeParts(parts: Part[]): Promise<void> {
  await saveUses(parts.map(entryOf));
  for (const { tally, count } of parts.flatMap(({ taken }) => taken)) {
    // Uses that came meanwhile stay counted.
    tally.count -= count;
    tally.since = elapsed();
    tally.isKnown = true;
  }
}

function entryOf({ group: { actor, use }, taken }: Part): UseEntry {
  const count = taken.reduce((sum, each) => sum + each.count, 0);
  const named = taken.filter(({ object }) => object !== "");
  const [only] = taken;
  const counted = { ...use, count, since: beginOf(taken) };
  if (!use || named.length === 0) return { actor, detail: counted };
  if (taken.length === 1 && only)
    return { actor, detail: { ...counted, path: use.path.replace("{id}", only.object) } };
  const objects = Object.fromEntries(named.map((each) => [each.object, each.count]));
  return { actor, detail: { ...counted, objects } };
}

/** Since when they were counted, for people. */
function beginOf(taken: Part["taken"]): string {
  const countedForMs = elapsed() - Math.min(...taken.map(({ tally }) => tally.since));
  return new Date(wallTime().getTime() - countedForMs).toISOString();
}

/** Whatever was not used for as long as this, and is written down, may be new again. */
function forget(state: Counted, olderThanMs: number): void {
  for (const [kind, { objects }] of state.groups) {
    for (const [object, { count, since }] of objects) {
      if (count > 0 || elapsed() - since < olderThanMs) continue;
      objects.delete(object);
      state.size -= 1;
    }
    if (objects.size === 0) state.groups.delete(kind);
  }
}
