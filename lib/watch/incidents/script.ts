import { manyMailboxes } from "@/lib/email-accounts/repair-object";
import type { Transaction } from "@/lib/kernel/transaction";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { IncidentRow } from "./schema";
import { findStoppedMailboxes } from "./stopped/store";
import { findCause, findRegistration } from "./store";

/** The incident's page has the rest. */
const NAMED_IN_ALERT = 50;

type Incident = Pick<IncidentRow, "remedyId" | "accounts">;

/** Null if there is none, a part is unknown, or it is too long. */
export async function alertScript(
  tx: Transaction,
  incident: Pick<IncidentRow, "id" | "cloudProviderId"> & Incident,
): Promise<{ shell: string; text: string } | null> {
  const { id, remedyId, accounts, cloudProviderId } = incident;
  const remedy = findRemedy(remedyId);
  if (!remedy.command?.text.includes("{mailbox}") || accounts > NAMED_IN_ALERT) return null;
  const cause = await findCause(tx, id);
  if (cause === null) return null;
  const stopped = await findStoppedMailboxes(tx, { cause, limit: NAMED_IN_ALERT });
  const registration = cloudProviderId ? await findRegistration(tx, cloudProviderId) : null;
  const context = registration ? remedyContext(registration) : {};
  const { command } = fillRemedy(remedy, context, manyMailboxes(incident, stopped));
  return command && stopped.length > 0 && !/<\w+>/.test(command.text) ? command : null;
}
