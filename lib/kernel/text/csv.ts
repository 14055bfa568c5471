/**
 * One line of a CSV file (RFC 4180). Every cell is quoted, so that none can end before it ends, whatever a
 * spreadsheet takes for a separator.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/**
 * What spreadsheets take for a formula, in full width too, as East Asian input methods type it; blanks
 * before it are skipped by some.
 */
const RISKY = /^\s*[=+\-@＝＋－＠\t\r\n]/;

/** A spreadsheet runs what begins like a formula (OWASP, CSV Injection): a quote keeps it a text. */
function csvCell(text: string): string {
  return `"${(RISKY.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
