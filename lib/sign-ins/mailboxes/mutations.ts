import "server-only";
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

/**
 * Saves an edit of a registration, and has the sign-ins follow it: an application that opens each mailbox
 * by itself has one for each.
 *
 * @returns what became of the credential that was entered; null where none was
 * @throws AppError as saveEdit does
 */
export const updateCloudProvider = command({
  input: updateCloudProviderSchema,
  permission: "providers:write",
  async act(actor, input): Promise<EnteredCredential | null> {
    return saveEdit(actor, input, (tx) => alignMailboxes(tx, input.id, actor.name));
  },
});

/**
 * Gets tokens now for every mailbox of a provider whose application opens each by itself, except
 * where they work already. What came of each is the state of its row.
 *
 * @returns how many work now, and how many do not
 * @throws AppError conflict (people sign in at this provider), not_found
 */
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
 * Where an application opens each mailbox by itself, there is one authorization for each that an account of
 * the provider uses: those without an account go, and new ones are due at once, so that the keeper, or the
 * first caller that wants a token, gets it. With every other grant nothing happens.
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

/**
 * Makes an authorization for a mailbox that no account uses yet, so that it can be tested before one
 * does. alignMailboxes removes it again where none came.
 */
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
      tenantId: domainOf(mailbox),
      homeAccountId: mailbox,
      scopes,
      signedInByName: connectedByName,
    },
    select: { id: true },
  });
  await saveUnasked(tx, id, cache);
}

/** Whose limits count for it. */
function domainOf(mailbox: string): string {
  return mailbox.slice(mailbox.lastIndexOf("@") + 1);
}
