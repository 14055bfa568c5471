import { formatTable, type Result } from "./table";

/** When and from what figures came. */
export type Measurement = {
  /** A day, as in 2026-11-26. */
  day: string;
  /** Of the commit, and whether something was changed since. */
  commit: string;
  machine: string;
};

/**
 * Puts the figures of one part in the place of its last ones, between the two marks that bear its name.
 * Everything else, the prose around them too, stays as it is; a part that has no marks yet is added at the
 * end.
 */
export function withFigures(
  document: string,
  name: string,
  { result, measurement }: { result: Result; measurement: Measurement },
): string {
  const [begin, end] = [`<!-- figures: ${name} -->`, `<!-- end: ${name} -->`];
  const block = `${begin}\n${figures(result, measurement)}\n${end}`;
  const from = document.indexOf(begin);
  if (from < 0) return `${document.trimEnd()}\n\n## ${name}\n\n${block}\n`;
  const to = document.indexOf(end, from);
  if (to < 0) throw new Error(`The figures of ${name} have a beginning and no end.`);
  return document.slice(0, from) + block + document.slice(to + end.length);
}

function figures({ rows, notes = [] }: Result, { day, commit, machine }: Measurement): string {
  const origin = `Measured on ${day} at ${commit}, on ${machine}.`;
  const below = notes.length > 0 ? `\n\n\`\`\`text\n${notes.join("\n")}\n\`\`\`` : "";
  return `${origin}\n\n${formatTable(rows)}${below}`;
}
