import type { Actor } from "@/lib/kernel/actor";
import { singleton } from "@/lib/kernel/singleton";
import { saveLastUse, saveUses, type UseEntry } from "./store";
import { type Counted, UseTallies } from "./use-tallies";

export type KeyUse = {
  operation: string;
  /** The path, with the object's id in it; of what was refused, the operation's. */
  path: string;
  status: number;
};

/** Uses that differ in the object alone have one kind; the use is null where they are summed by key. */
type Use = { kind: string; actor: Actor; use: KeyUse | null; object: string };

/** From here on nothing new is told apart: the memory has an end, also while nothing can be written. */
const MAX_KINDS = 50_000;
/** An event stays short enough to be read in a list. */
const OBJECTS_IN_EVENT = 200;

const ID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/;

const tallies = () =>
  singleton(
    "api-key-uses",
    () => new UseTallies<Use>({ most: MAX_KINDS, save: saveCounted, first: saveUsedKeys }),
  );
const usedKeys = () => singleton("api-keys-used", () => new Set<string>());

/**
 * By key, operation, object, outcome and address. @permission none: it only counts the uses of an API key.
 */
export function recordUse(actor: Actor, { operation, path, status }: KeyUse): void {
  usedKeys().add(actor.id);
  const [object = ""] = ID.exec(path) ?? [];
  const use = { operation, path: path.replace(ID, "{id}"), status };
  const kind = JSON.stringify([actor.id, actor.address, operation, use.path, status]);
  const { address: _, ...anywhere } = actor;
  const rest = { kind: actor.id, actor: anywhere, use: null, object: "" };
  tallies().count([`${kind} ${object}`, { kind, actor, use, object }], [actor.id, rest]);
}

export function flushUses(olderThanMs: number): Promise<void> {
  return tallies().flush(olderThanMs);
}

async function saveUsedKeys(): Promise<void> {
  const ids = [...usedKeys()];
  if (ids.length === 0) return;
  await saveLastUse(ids);
  for (const id of ids) usedKeys().delete(id);
}

async function saveCounted(counted: Counted<Use>[]): Promise<void> {
  const events: Counted<Use>[][] = [];
  const open = new Map<string, Counted<Use>[]>();
  for (const each of counted) {
    let event = open.get(each.what.kind);
    if (!event || event.length === OBJECTS_IN_EVENT) {
      event = [];
      events.push(event);
      open.set(each.what.kind, event);
    }
    event.push(each);
  }
  await saveUses(events.flatMap(eventOf));
}

function eventOf(uses: Counted<Use>[]): UseEntry[] {
  const [first] = uses;
  if (!first) return [];
  const { actor, use, object } = first.what;
  const count = uses.reduce((sum, each) => sum + each.count, 0);
  const since = uses.map((each) => each.since).sort()[0] ?? first.since;
  const detail = { ...use, count, since };
  if (!use || object === "") return [{ actor, detail }];
  if (uses.length === 1)
    return [{ actor, detail: { ...detail, path: use.path.replace("{id}", object) } }];
  const objects = Object.fromEntries(uses.map(({ what, count }) => [what.object, count]));
  return [{ actor, detail: { ...detail, objects } }];
}
