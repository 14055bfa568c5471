/** Ids that were ticked in a list; the tab keeps them, so that they survive paging and a reload. */
export function readKept(name: string): Set<string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : []);
  } catch {
    // Storage that is switched off, full or written by something else: then a selection lasts a page.
    return new Set();
  }
}

export function writeKept(name: string, kept: ReadonlySet<string>): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify([...kept]));
  } catch {}
}

function keyOf(name: string): string {
  return `postkey-selected-${name}`;
}
