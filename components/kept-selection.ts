/** What was ticked in a list, with names for people; the tab keeps it, so that it survives paging and a reload. */
export type Kept = ReadonlyMap<string, string>;

export function readKept(list: string): Map<string, string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(list)) ?? "[]");
    return new Map(Array.isArray(kept) ? kept.filter(isEntry) : []);
  } catch {
    // Storage that is off, full or written by something else: a selection then lasts for one page.
    return new Map();
  }
}

export function writeKept(list: string, kept: Kept): void {
  try {
    sessionStorage.setItem(keyOf(list), JSON.stringify([...kept]));
  } catch {}
}

/** What is gone is selected no longer, on whatever page it was ticked. */
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
