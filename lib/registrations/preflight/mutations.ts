import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";

type Checked = { cloudProviderId: string; providerVersion: number };

export async function saveRedirectFinding(
  actor: Actor,
  { cloudProviderId: id, providerVersion: version }: Checked,
  redirectFailureId: string | null,
): Promise<void> {
  requirePermission(actor, "authorizations:write");
  const isOther = redirectFailureId
    ? { OR: [{ redirectFailureId: null }, { redirectFailureId: { not: redirectFailureId } }] }
    : { redirectFailureId: { not: null } };
  await db().$transaction(async (tx) => {
    const { count } = await tx.cloudProvider.updateMany({
      where: { id, version, ...isOther },
      data: { redirectFailureId },
    });
    if (count > 0) await publish(tx, { type: "cloud_provider", id });
  });
}
