import { startTestRun } from "@/lib/checks/runs/mutations";
import { MAX_TESTED } from "@/lib/checks/runs/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { findCloudProvider } from "@/lib/registrations/queries";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";
import { findStoppedIds, type IncidentDetail } from "./queries";

/** Buttons only while it fails. */
export async function remedyOfIncident(actor: Actor, incident: IncidentDetail): Promise<Remedy> {
  requirePermission(actor, "incidents:read");
  const { remedyId, cloudProviderId, mailboxes, object, buttons } = incident;
  const provider = cloudProviderId ? await findCloudProvider(actor, cloudProviderId) : null;
  // Repaired: no buttons, so no step may name one.
  const isOpen = buttons.length > 0;
  const context = { ...(provider && remedyContext(provider)), ...(isOpen && { object }) };
  return { ...fillRemedy(findRemedy(remedyId), context, mailboxes), buttons };
}

/** @throws AppError not_found, unprocessable for none or too many accounts */
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
