import type { z } from "zod";
import { counted } from "../text/schema";

/** Zod's defaults, where a schema has no message. */
export const ZODS_OWN = /^(?:Too (?:big|small)|Invalid|Unrecognized)\b/;

/** The schema's message; otherwise the values it accepts. */
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

export function sizeText(bound: number | bigint, origin: string): string {
  const unit = UNITS[origin];
  return unit === undefined ? `${bound}` : counted(Number(bound), unit);
}

const UNITS: Readonly<Record<string, string>> = { string: "character", array: "item" };
