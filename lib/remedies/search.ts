import { listRemedies } from "./catalogue";
import type { Remedy } from "./remedy";

/** Entries that have every word of the search in their code or their texts. */
export function searchRemedies(search: string): Remedy[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return listRemedies().filter(({ id, title, cause, steps }) => {
    const text = [id, title, cause, ...steps].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
