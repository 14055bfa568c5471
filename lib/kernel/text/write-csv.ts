/** RFC 4180, every cell quoted, because spreadsheets differ in separators. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** Formulas, also in full width as East Asian input types them, and after blanks. */
const RISKY = /^\s*[=+\-@＝＋－＠\t\r\n]/;

/** A quote keeps it text (OWASP, CSV Injection). */
function csvCell(text: string): string {
  return `"${(RISKY.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
