import "server-only";
import { startTestRun } from "@/lib/checks/runs/mutations";
import { MAX_TESTED } from "@/lib/checks/runs/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { findCloudProvider } from "@/lib/registrations/queries";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";
import { findIncident, findStoppedIds, type IncidentDetail } from "./queries";

/** The remedy of an incident, filled in for its accounts, with the buttons for it while it fails. */
export async function remedyOfIncident(actor: Actor, incident: IncidentDetail): Promise<Remedy> {
  requirePermission(actor, "incidents:read");
  const { remedyId, cloudProviderId, mailboxes, object, buttons } = incident;
  const provider = cloudProviderId ? await findCloudProvider(actor, cloudProviderId) : null;
  // What was repaired has no buttons, and no step names one.
  const isOpen = buttons.length > 0;
  const context = { ...(provider && remedyContext(provider)), ...(isOpen && { object }) };
  return { ...fillRemedy(findRemedy(remedyId), context, mailboxes), buttons };
}

/**
 * The command that helps, for all accounts that an incident stops now: for a button that copies it.
 * @returns null when there is none, or something in it is not known
 * @throws AppError not_found
 */
export async function findIncidentCommand(
  actor: Actor,
  { incidentId }: { incidentId: string },
): Promise<string | null> {
  const incident = await findIncident(actor, incidentId);
  if (!incident) throw new AppError("not_found", "This incident no longer exists.");
  return (await remedyOfIncident(actor, incident)).command?.text ?? null;
}

/**
 * Tests the accounts that an incident stops now.
 * @param isFresh whether each gets a new token first
 * @returns the id of the test run
 * @throws AppError not_found, unprocessable when it stops none any more, or too many
 */
export async function testIncident(
  actor: Actor,
  { incidentId, isFresh = false }: { incidentId: string; isFresh?: boolean },
): Promise<string> {
  requirePermission(actor, "accounts:test");
  const emailAccountIds = await findStoppedIds(actor, incidentId, MAX_TESTED + 1);
  if (emailAccountIds.length === 0)
    throw new AppError("unprocessable", "This incident no longer affects any accounts.");
  if (emailAccountIds.length > MAX_TESTED)
    throw new AppError(
      "unprocessable",
      `This incident stops more than ${MAX_TESTED.toLocaleString("en")} accounts. Open the accounts and test some of them.`,
    );
  const selection = { accounts: "selected", emailAccountIds } as const;
  return (await startTestRun(actor, selection, { isFresh })).id;
}
