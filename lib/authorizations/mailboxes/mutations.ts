import "server-only";
import { randomUUID } from "node:crypto";
import type { Transaction } from "@/lib/db";
import type { ServiceId } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { saveSignedIn } from "@/lib/tokens/store";

/**
 * Where an application opens each mailbox by itself, there is one authorization for each that an
 * account of the provider uses: those of no account go, and new ones are due at once, so that the
 * keeper, or whoever wants a token first, gets it. With every other grant nothing happens.
 */
export async function alignMailboxes(
  tx: Transaction,
  cloudProviderId: string | null,
  connectedByName: string,
): Promise<void> {
  if (cloudProviderId === null) return;
  // The provider's row first, as everywhere: whoever locks in another order waits for ever.
  const [provider] = await tx.$queryRaw<{ service: ServiceId; grant: string }[]>`
    SELECT service, "grant" FROM "CloudProvider" WHERE id = ${cloudProviderId}::uuid FOR SHARE`;
  const { ofMailbox } = provider ? serviceOf(provider) : { ofMailbox: null };
  if (provider?.grant !== "domain_wide" || ofMailbox === null) return;
  await tx.$executeRaw`DELETE FROM "Authorization" a
    WHERE a."cloudProviderId" = ${cloudProviderId}::uuid AND NOT EXISTS (SELECT 1 FROM "EmailAccount" e
      WHERE e."cloudProviderId" = a."cloudProviderId" AND e."usernameKey" = a.username)`;
  const missing = await tx.$queryRaw<{ mailbox: string }[]>`
    SELECT DISTINCT e."usernameKey" AS mailbox FROM "EmailAccount" e
    WHERE e."cloudProviderId" = ${cloudProviderId}::uuid AND NOT EXISTS (SELECT 1 FROM "Authorization" a
      WHERE a."cloudProviderId" = e."cloudProviderId" AND a.username = e."usernameKey")`;
  for (const { mailbox } of missing) {
    const { cache, scopes } = ofMailbox(mailbox);
    const id = randomUUID();
    await tx.authorization.create({
      data: {
        ...{ id, cloudProviderId, grant: "domain_wide", username: mailbox, objectId: mailbox },
        ...{ displayName: "", tenantId: domainOf(mailbox), homeAccountId: mailbox, scopes },
        signedInByName: connectedByName,
      },
      select: { id: true },
    });
    const none = { accessToken: "", expiresAt: new Date(), idToken: "" };
    await saveSignedIn(tx, id, { ...none, cache, scopes });
  }
}

/** Whose limits count for it. */
function domainOf(mailbox: string): string {
  return mailbox.slice(mailbox.lastIndexOf("@") + 1);
}
