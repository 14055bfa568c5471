import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { contentLines, escapeText } from "@/lib/kernel/text/content-lines";
import { csvLine } from "@/lib/kernel/text/write-csv";
import { type ContactFilters, listContacts } from "./queries";
import type { ContactRow, ExportFormat } from "./schema";

/** CSV (RFC 4180) or vCard 4.0 (RFC 6350). */
export async function* exportContacts(
  actor: Actor,
  input: { filter: { search: string } & ContactFilters; format: ExportFormat },
): AsyncGenerator<string> {
  requirePermission(actor, "contacts:read");
  const { filter, format } = input;
  if (format === "csv") yield csvLine(["email", "name", "list", "source", "firstSeen", "lastSeen"]);
  const textOf = format === "csv" ? line : vcard;
  for await (const rows of listContacts.each(actor, filter)) yield rows.map(textOf).join("");
}

function line(row: ContactRow): string {
  const { email, name, listName, accountName, firstSeenAt, lastSeenAt } = row;
  const times = [firstSeenAt, lastSeenAt].map((at) => at?.toISOString() ?? "");
  return csvLine([email, name, listName, accountName ?? "", ...times]);
}

export type VcardContact = { id: string; name: string; email: string; listName: string };

/** RFC 6350 requires FN. */
export function vcard({ id, name, email, listName }: VcardContact): string {
  return contentLines([
    "BEGIN:VCARD",
    "VERSION:4.0",
    `UID:urn:uuid:${id}`,
    `FN:${escapeText(name || email)}`,
    `EMAIL:${escapeText(email)}`,
    `CATEGORIES:${escapeText(listName)}`,
    "END:VCARD",
  ]);
}
