import { SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { csvLine } from "@/lib/kernel/text/write-csv";
import { words } from "@/lib/kernel/words";
import { mailService } from "@/lib/mail/services/schema";
import { listPasswordAccounts } from "./queries";
import type { PasswordAccountRow } from "./schema";

/** A line for each end. */
export async function* exportMigration(actor: Actor): AsyncGenerator<string> {
  requirePermission(actor, "accounts:read");
  yield csvLine(
    words("name key emailAddress username service active protocols state day what source"),
  );
  for await (const rows of listPasswordAccounts.each(actor)) yield rows.flatMap(linesOf).join("");
}

function linesOf(row: PasswordAccountRow): string[] {
  const { name, key, emailAddress, username, service, active } = row;
  const account = [
    name,
    key,
    emailAddress,
    username,
    SERVICE_LABELS[service],
    active ? "yes" : "no",
  ];
  return mailService(service).passwordEnds.map(({ protocols, state, day, text, source }) =>
    csvLine([...account, protocols.join(" "), state, day ?? "", text, source ?? ""]),
  );
}
