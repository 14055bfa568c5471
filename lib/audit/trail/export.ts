import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { csvLine } from "@/lib/kernel/text/write-csv";
import { readAuditEvents } from "./queries";
import { AUDIT_COLUMNS, type AuditFilter, type ExportFormat, type StoredEvent } from "./schema";

type Export = { filter: AuditFilter; format: ExportFormat };

/** CSV (RFC 4180) or JSON lines. @throws AppError access_denied, proof_required before any text */
export function exportAudit(actor: Actor, input: Export): AsyncGenerator<string> {
  requirePermission(actor, "audit:read");
  requireRecentProof(actor);
  return write(actor, input);
}

async function* write(actor: Actor, { filter, format }: Export): AsyncGenerator<string> {
  if (format === "csv") yield csvLine(AUDIT_COLUMNS);
  const line = format === "csv" ? csvRow : (row: StoredEvent) => `${JSON.stringify(row)}\n`;
  for await (const rows of readAuditEvents(actor, filter)) yield rows.map(line).join("");
}

function csvRow(row: StoredEvent): string {
  return csvLine(AUDIT_COLUMNS.map((column) => cellText(row[column])));
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
