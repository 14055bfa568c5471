import type { z } from "zod";

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Undefined for anything else; without a reason, which would quote it. */
export function readJson<S extends z.ZodType>(schema: S, body: string): z.output<S> | undefined {
  return schema.safeParse(parseJson(body)).data;
}

export function isUnfinishedJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  let isInText = false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isInText = !isInText;
    else if (isInText && character === "\\") at += 1;
    else if (!isInText) depth += DEPTHS.get(character) ?? 0;
  }
  return isInText || depth > 0;
}

const DEPTHS: ReadonlyMap<string | undefined, number> = new Map([
  ["{", 1],
  ["[", 1],
  ["}", -1],
  ["]", -1],
]);
