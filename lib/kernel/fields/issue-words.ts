import type { z } from "zod";
import { counted } from "../text/schema";

/** As Zod says it, where a schema has no words of its own. */
export const ZODS_OWN = /^(?:Too (?:big|small)|Invalid|Unrecognized)\b/;

/**
 * What is wrong with a value, for people: the words of its schema. Where it has none, the values that it takes,
 * as they are written in a file.
 */
export function issueWords(issue: z.core.$ZodIssue): string {
  if (!ZODS_OWN.test(issue.message)) return issue.message;
  if (issue.code === "invalid_value") return choicesText(issue.values.map(String));
  if (issue.code === "too_big") return `Enter at most ${sizeText(issue.maximum, issue.origin)}.`;
  if (issue.code === "too_small") return `Enter at least ${sizeText(issue.minimum, issue.origin)}.`;
  return "This value is not valid.";
}

function choicesText(values: string[]): string {
  return values.length === 1 ? `Enter ${values[0]}.` : `Enter one of ${values.join(", ")}.`;
}

/** A bound of a value: of a text its characters, of an array its items. */
export function sizeText(bound: number | bigint, origin: string): string {
  const unit = UNITS[origin];
  return unit === undefined ? `${bound}` : counted(Number(bound), unit);
}

const UNITS: Readonly<Record<string, string>> = { string: "character", array: "item" };
