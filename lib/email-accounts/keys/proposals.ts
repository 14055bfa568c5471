import { KEY_MAX } from "@/lib/kernel/fields/schema";

/** So many numbers are tried for each stem; an installation with more accounts of one name chooses its keys itself. */
const LAST_NUMBER = 999;

/**
 * Keys for a name, the best first: the initials of its words with the number that it has, or the beginning of
 * its only word, in capitals; then longer beginnings, then numbered ones up to that number.
 */
export function keyProposals(name: string, last = LAST_NUMBER): string[] {
  const { plain, stems } = partsOf(name);
  const further = stems.flatMap((stem) =>
    Array.from({ length: last - 1 }, (_, index) => withNumber(stem, `${index + 2}`)),
  );
  return [...new Set([...plain, ...further])];
}

/** Names of which this is the same have the same numbered proposals. */
export function sharedStems(name: string): string {
  return partsOf(name).stems.join(" ");
}

function partsOf(name: string): { plain: string[]; stems: string[] } {
  const parts =
    name
      .normalize("NFKC")
      .toUpperCase()
      .match(/\p{L}+|\p{N}+/gu) ?? [];
  const words = parts.filter((part) => /^\p{L}/u.test(part));
  const number = lettersOf(parts.filter((part) => !words.includes(part)).join(""))
    .slice(-KEY_MAX)
    .join("");
  const initials = words.map((word) => lettersOf(word)[0]).join("");
  const [first = ""] = words;
  const beginnings = [3, 4, KEY_MAX].map((length) => lettersOf(first).slice(0, length).join(""));
  const best = parts.length > 1 || words.length === 0 ? [withNumber(initials, number)] : [];
  const plain = [...best, ...beginnings].filter((key) => key !== "");
  const stems = [...(words.length > 1 ? [initials] : []), ...beginnings.slice(0, 1)];
  return { plain, stems: stems.filter((stem) => stem !== "") };
}

function withNumber(stem: string, number: string): string {
  return `${lettersOf(stem)
    .slice(0, KEY_MAX - number.length)
    .join("")}${number}`;
}

function lettersOf(text: string): string[] {
  return Array.from(text);
}
