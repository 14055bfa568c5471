import { readFileSync } from "node:fs";

/** The rows of docs/growth.md: | table | what trims it | bytes per row | … */
export function documentedTables() {
  const rows = readFileSync("docs/growth.md", "utf8").matchAll(
    /^\| `(\w+)`([^|]*)\|([^|]*)\|([^|]*)\|/gm,
  );
  return [...rows].map(([, table = "", part = "", trimmedBy = "", bytes = ""]) => ({
    name: `${table}${part}`.trim(),
    table,
    trimmedBy: trimmedBy.trim(),
    bytes: Number(bytes.replaceAll(/[^\d]/g, "")),
  }));
}
