/** A line of a table: what was measured, and whether that is enough. */
export type Figure = { what: string; measured: string; target: string; reached: "yes" | "no" };

/** @param target such as `>= 85 %` or `<= 1,000 ms`, in the unit of the value; a share is 0.85 */
export function figure(what: string, value: number, ...[target, note]: [string, string?]): Figure {
  const [sign, limit = "", unit = ""] = target.split(" ");
  const wanted = Number(limit.replaceAll(",", "")) / (unit === "%" ? 100 : 1);
  const isReached = sign === "<=" ? value <= wanted : value >= wanted;
  const measured = `${inWords(value, unit)}${note ? ` (${note})` : ""}`;
  return { what, measured, target, reached: isReached ? "yes" : "no" };
}

/** `inWords(0.853, "%")` is `85 %`, and `inWords(9526, "/s")` is `9,526 /s`. */
export function inWords(value: number, unit: string): string {
  if (unit === "%") return `${Math.round(value * 100)} %`;
  const shown = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return `${shown.toLocaleString("en")} ${unit}`.trim();
}

/** The two values of a ratio, for its note. */
export function beside(ours: number, floor: number, unit: string): string {
  return `${inWords(ours, unit)} beside ${inWords(floor, unit)}`;
}

const HEADINGS = { what: "what", measured: "measured", target: "to reach", reached: "reached" };
const COLUMNS = Object.keys(HEADINGS) as (keyof Figure)[]; // the same

/** A table in Markdown, with columns as wide as a terminal wants them. */
export function tableOf(figures: readonly Figure[]): string {
  const all = [HEADINGS, ...figures];
  const widths = COLUMNS.map((column) => Math.max(...all.map((each) => each[column].length)));
  const line = (each: Record<keyof Figure, string>) =>
    `| ${COLUMNS.map((column, at) => each[column].padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(HEADINGS), rule, ...figures.map(line)].join("\n");
}

/**
 * Puts the figures of a part between the marks that bear its name. The prose around them stays; a part without
 * marks is added at the end.
 */
export function withFigures(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- figures: ${name} -->`, `<!-- end: ${name} -->`];
  const block = `${begin}\n${text}\n${end}`;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) return `${document.trimEnd()}\n\n## ${name}\n\n${block}\n`;
  return document.slice(0, from) + block + document.slice(to + end.length);
}
