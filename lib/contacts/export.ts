import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { csvLine } from "@/lib/kernel/text/csv";
import { type ContactFilters, listContacts } from "./queries";
import type { ContactRow, ExportFormat } from "./schema";
import { vcard } from "./vcard";

const HEADER = ["email", "name", "list", "source", "firstSeen", "lastSeen"];

/** What a search finds, as text, a piece at a time: CSV (RFC 4180) or vCard 4.0 (RFC 6350). */
export async function* exportContacts(
  actor: Actor,
  input: { filter: { search: string } & ContactFilters; format: ExportFormat },
): AsyncGenerator<string> {
  requirePermission(actor, "contacts:read");
  const { filter, format } = input;
  if (format === "csv") yield csvLine(HEADER);
  const textOf = format === "csv" ? line : vcard;
  for await (const rows of listContacts.each(actor, filter)) yield rows.map(textOf).join("");
}

function line(row: ContactRow): string {
  const { email, name, listName, accountName, firstSeenAt, lastSeenAt } = row;
  const times = [firstSeenAt, lastSeenAt].map((at) => at?.toISOString() ?? "");
  return csvLine([email, name, listName, accountName ?? "", ...times]);
}
