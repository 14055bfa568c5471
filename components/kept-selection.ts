/** Kept by the tab, with names, over pages and reloads. */
export type Kept = ReadonlyMap<string, string>;

export function readKept(list: string): Map<string, string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(list)) ?? "[]");
    return new Map(Array.isArray(kept) ? kept.filter(isEntry) : []);
  } catch {
    // Storage is off, full or foreign: the selection lasts for one page.
    return new Map();
  }
}

export function writeKept(list: string, kept: Kept): void {
  try {
    sessionStorage.setItem(keyOf(list), JSON.stringify([...kept]));
  } catch {}
}

/** Deleted rows are no longer selected. */
export function dropKept(list: string, value: string): void {
  const kept = readKept(list);
  if (kept.delete(value)) writeKept(list, kept);
}

function isEntry(entry: unknown): entry is [string, string] {
  return Array.isArray(entry) && entry.length === 2 && entry.every((x) => typeof x === "string");
}

function keyOf(list: string): string {
  return `postkey-selected-${list}`;
}
