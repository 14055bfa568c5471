function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Longer names are no typos. */
const LENGTH_MAX = 64;

export function similarName(name: string, known: readonly string[]): string | undefined {
  const typed = plain(name);
  if (typed === "" || name.length > LENGTH_MAX) return undefined;
  const allowed = Math.max(1, Math.floor(typed.length / 4));
  const ranked = known
    .map((each) => ({ each, distance: editDistance(typed, plain(each)) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.each;
}

function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = one[i - 1] === other[j - 1] ? 0 : 1;
      const isSwapped = j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const ways = [at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + replaced];
      next[j] = Math.min(...ways, ...(isSwapped ? [at(before, j - 2) + 1] : []));
    }
    [before, row] = [row, next];
  }
  return at(row, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
