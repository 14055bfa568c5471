const NAMED = 3;

/** Which accounts a key is for; null for all. @param names by id, of those that still exist */
export function accountsText(
  prefix: string | null,
  ids: string[],
  names: ReadonlyMap<string, string>,
): string | null {
  if (prefix !== null) return `keys that begin with “${prefix}”`;
  if (ids.length === 0) return null;
  const named = ids.slice(0, NAMED).map((id) => names.get(id) ?? "a deleted account");
  const rest = ids.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}
