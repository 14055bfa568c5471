import { randomUUID } from "node:crypto";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import type { ServiceId } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import type { EnteredCredential } from "@/lib/registrations/credentials/schema";
import { saveEdit } from "@/lib/registrations/edit/mutations";
import { providerUseSchema, updateCloudProviderSchema } from "@/lib/registrations/schema";
import { loadRegistration } from "@/lib/registrations/store";
import { readTokenStates } from "../queries";
import { renewNow } from "../tokens/refresh";
import { saveUnasked } from "../tokens/store";

/** The sign-ins follow the edit. @returns what became of a credential that was entered @throws AppError as saveEdit */
export const updateCloudProvider = command({
  input: updateCloudProviderSchema,
  permission: "providers:write",
  async act(actor, input): Promise<EnteredCredential | null> {
    return saveEdit(actor, input, (tx) => alignMailboxes(tx, input.id, actor.name));
  },
});

/** Gets tokens now where they do not work already. @throws AppError conflict (people sign in there), not_found */
export const connectMailboxes = command({
  input: providerUseSchema,
  permission: "authorizations:write",
  async act(actor, { cloudProviderId }): Promise<{ connected: number; failed: number }> {
    const { grant } = await loadRegistration(cloudProviderId);
    if (grant !== "domain_wide")
      throw new AppError("conflict", "This provider doesn't use a service account.");
    await db().$transaction((tx) => alignMailboxes(tx, cloudProviderId, actor.name));
    const before = await readTokenStates(actor, cloudProviderId);
    for (const { id, state } of before)
      if (state !== "connected") await renewNow(actor, { authorizationId: id }).catch(ignoreHeld);
    const after = await readTokenStates(actor, cloudProviderId);
    const connected = after.filter(({ state }) => state === "connected").length;
    return { connected, failed: after.length - connected };
  },
});

/** The keeper asks for the same one right now. */
function ignoreHeld(error: unknown): void {
  if (!(error instanceof AppError && error.code === "conflict")) throw error;
}

/**
 * Where an application opens each mailbox by itself, each mailbox of an account has one authorization, due at once:
 * the keeper, or the first caller that wants a token, gets it.
 */
export async function alignMailboxes(
  tx: Transaction,
  cloudProviderId: string | null,
  connectedByName: string,
): Promise<void> {
  if (cloudProviderId === null) return;
  // The provider's row first, as everywhere: another order would deadlock.
  const [provider] = await tx.$queryRaw<{ grant: string }[]>`
    SELECT "grant" FROM "CloudProvider" WHERE id = ${cloudProviderId}::uuid FOR SHARE`;
  if (provider?.grant !== "domain_wide") return;
  await tx.$executeRaw`DELETE FROM "Authorization" a
    WHERE a."cloudProviderId" = ${cloudProviderId}::uuid AND NOT EXISTS (SELECT 1 FROM "EmailAccount" e
      WHERE e."cloudProviderId" = a."cloudProviderId" AND e."usernameKey" = a.username)`;
  const missing = await tx.$queryRaw<{ mailbox: string }[]>`
    SELECT DISTINCT e."usernameKey" AS mailbox FROM "EmailAccount" e
    WHERE e."cloudProviderId" = ${cloudProviderId}::uuid AND NOT EXISTS (SELECT 1 FROM "Authorization" a
      WHERE a."cloudProviderId" = e."cloudProviderId" AND a.username = e."usernameKey")`;
  for (const { mailbox } of missing)
    await addMailbox(tx, { cloudProviderId, mailbox, connectedByName });
}

type NewMailbox = { cloudProviderId: string; mailbox: string; connectedByName: string };

/** For a test before an account uses the mailbox. Where none comes, alignMailboxes removes it. */
export async function openMailbox(tx: Transaction, input: NewMailbox): Promise<void> {
  const { cloudProviderId, mailbox: username } = input;
  if ((await tx.authorization.count({ where: { cloudProviderId, username } })) > 0) return;
  await addMailbox(tx, input);
}

async function addMailbox(tx: Transaction, input: NewMailbox): Promise<void> {
  const { cloudProviderId, mailbox, connectedByName } = input;
  const { service } = await tx.cloudProvider.findUniqueOrThrow({
    where: { id: cloudProviderId },
    select: { service: true },
  });
  const { ofMailbox } = serviceOf({ service: service as ServiceId }); // written from the form's list only
  if (ofMailbox === null) return;
  const { cache, scopes } = ofMailbox(mailbox);
  const id = randomUUID();
  await tx.authorization.create({
    data: {
      id,
      cloudProviderId,
      grant: "domain_wide",
      username: mailbox,
      objectId: mailbox,
      displayName: "",
      // The domain, whose limits count for it.
      tenantId: mailbox.slice(mailbox.lastIndexOf("@") + 1),
      homeAccountId: mailbox,
      scopes,
      signedInByName: connectedByName,
    },
    select: { id: true },
  });
  await saveUnasked(tx, id, cache);
}
