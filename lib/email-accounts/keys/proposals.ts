import { KEY_MAX } from "@/lib/kernel/fields/schema";

/** So many numbers are tried; an installation with more accounts of one name chooses its keys itself. */
const LAST_NUMBER = 999;

/**
 * Keys for a name, the best first: the initials of its words, or the beginning of its only one, in capitals;
 * then longer beginnings, then numbered ones up to that number.
 */
export function keyProposals(name: string, last = LAST_NUMBER): string[] {
  const words =
    name
      .normalize("NFKC")
      .toUpperCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = ""] = words;
  const initials = words.map((word) => lettersOf(word)[0]).join("");
  const beginnings = [3, 4, KEY_MAX].map((length) => lettersOf(first).slice(0, length).join(""));
  const stems = [
    ...(words.length > 1 ? [lettersOf(initials).slice(0, KEY_MAX).join("")] : []),
    ...beginnings,
  ];
  const plain = stems.filter((stem) => stem !== "");
  const [stem] = plain;
  if (stem === undefined) return [];
  return [...new Set([...plain, ...numbered(stem, last)])];
}

function numbered(stem: string, last: number): string[] {
  return Array.from({ length: last - 1 }, (_, index) => {
    const number = `${index + 2}`;
    return `${lettersOf(stem)
      .slice(0, KEY_MAX - number.length)
      .join("")}${number}`;
  });
}

function lettersOf(text: string): string[] {
  return Array.from(text);
}
