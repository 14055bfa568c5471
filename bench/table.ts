export type Row = {
  what: string;
  measured: string;
  target: string;
  /** `unknown` where this machine lacks what the row needs; `measured` then says what. */
  reached: "yes" | "no" | "unknown";
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

export function skippedRow(what: string, reason: string): Row {
  return { what, measured: `not measured: ${reason}`, target: "", reached: "unknown" };
}

/** `percent(0.853)` is `85 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

const HEADINGS = { what: "what", measured: "measured", target: "to reach", reached: "reached" };

export function printTable(rows: readonly Row[]): void {
  const all = [HEADINGS, ...rows];
  const width = (column: keyof Row) => Math.max(...all.map((each) => each[column].length));
  const columns = ["what", "measured", "target", "reached"] as const;
  const widths = columns.map(width);
  const line = (each: Record<(typeof columns)[number], string>) =>
    `| ${columns.map((column, index) => each[column].padEnd(widths[index] ?? 0)).join(" | ")} |`;
  console.log(`\n${line(HEADINGS)}`);
  console.log(`|${widths.map((size) => "-".repeat(size + 2)).join("|")}|`);
  for (const each of rows) console.log(line(each));
}
