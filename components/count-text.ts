import { COUNT_CAP } from "@/lib/kernel/paging/schema";

type Shown = {
  shown: number;
  total: { count: number; isCapped: boolean };
  noun: { one: string; many: string };
  /** Number of the first row, if known. */
  from: number | undefined;
};

/** “262 people”, “1–25 of 262 people” */
export function countText({ shown, total, noun, from }: Shown): string {
  const last = from === undefined ? shown : from + shown - 1;
  const count = total.isCapped ? cappedText(total.count, last) : total.count.toLocaleString("en");
  const name = total.count === 1 && !total.isCapped ? noun.one : noun.many;
  if (shown >= total.count && !total.isCapped) return `${count} ${name}`;
  if (from === undefined || shown === 0) return `${shown} of ${count} ${name}`;
  return `${from.toLocaleString("en")}–${last.toLocaleString("en")} of ${count} ${name}`;
}

/** A plus after a number that is not round would mislead. */
function cappedText(count: number, seen: number): string {
  return count === COUNT_CAP
    ? `${count.toLocaleString("en")}+`
    : `at least ${Math.max(count, seen).toLocaleString("en")}`;
}
