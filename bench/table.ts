export type Row = {
  what: string;
  measured: string;
  target: string;
  reached: "yes" | "no";
};

/** What a part of the benchmark found; the notes stand below the table. */
export type Result = { rows: Row[]; notes?: string[] };

export function row(
  what: string,
  measured: string,
  target: { text: string; isReached: boolean },
): Row {
  return { what, measured, target: target.text, reached: target.isReached ? "yes" : "no" };
}

/** `percent(0.853)` is `85 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

const HEADINGS = { what: "what", measured: "measured", target: "to reach", reached: "reached" };

/** A table in Markdown, with columns as wide as a terminal wants them. */
export function formatTable(rows: readonly Row[]): string {
  const all = [HEADINGS, ...rows];
  const columns = ["what", "measured", "target", "reached"] as const;
  const widths = columns.map((column) => Math.max(...all.map((each) => each[column].length)));
  const line = (each: Record<(typeof columns)[number], string>) =>
    `| ${columns.map((column, index) => each[column].padEnd(widths[index] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((size) => "-".repeat(size + 2)).join("|")}|`;
  return [line(HEADINGS), rule, ...rows.map(line)].join("\n");
}
