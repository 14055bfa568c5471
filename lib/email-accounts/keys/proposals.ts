import { KEY_MAX } from "@/lib/kernel/fields/schema";

/** Beyond this many accounts of one name, people choose keys. */
const LAST_NUMBER = 999;

/** Best first: initials with their number, or the word's beginning; then longer, then numbered ones. */
export function keyProposals(name: string, last = LAST_NUMBER): string[] {
  const { plain, stems } = partsOf(name);
  const further = stems.flatMap((stem) =>
    Array.from({ length: last - 1 }, (_, index) => withNumber(stem, `${index + 2}`)),
  );
  return [...new Set([...plain, ...further])];
}

/** Equal: the same numbered proposals. */
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
