import { readMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { openPassword, sealPassword } from "@/lib/email-accounts/store";
import { db } from "@/lib/kernel/db";
import { openPendingCertificate, replaceCredential } from "@/lib/registrations/credentials/store";
import { loadRegistration, openRegistration } from "@/lib/registrations/store";

/** The client secret that a provider uses now. */
export async function secretInUse(cloudProviderId: string): Promise<string> {
  const { credential } = await openRegistration(cloudProviderId);
  if (credential.kind !== "client_secret") throw new Error(`It uses a ${credential.kind}.`);
  return credential.secret;
}

/** Makes a registration another one as if its credential had been entered for that. */
export async function registerElsewhere(
  cloudProviderId: string,
  data: { tenantId?: string; clientId?: string },
): Promise<void> {
  const { credential, credentialVersion, sealed, ...before } =
    await openRegistration(cloudProviderId);
  await db().cloudProvider.update({ where: { id: cloudProviderId }, data });
  const { destination } = await loadRegistration(cloudProviderId);
  const made = { cloudProviderId, destination, credential, expiresAt: null, provedAt: null };
  await replaceCredential(db(), { ...made, createdByName: before.name }, { keepsLast: false });
}

/** The certificate that waits for being known, opened. */
export async function pendingCertificate(cloudProviderId: string) {
  return openPendingCertificate(await loadRegistration(cloudProviderId));
}

/** Enters a password for an account as its row stands now, which no form could have saved so. */
export async function enterPassword(emailAccountId: string, password: string): Promise<void> {
  const account = await readMailboxAccount(emailAccountId);
  if (!account) throw new Error("The account is gone.");
  const data = { passwordSealed: sealPassword(account, password) };
  await db().emailAccount.update({ where: { id: emailAccountId }, data });
}

/** The password of an account as it signs in with it now. @throws AppError as openPassword */
export async function passwordInUse(emailAccountId: string): Promise<string> {
  const account = await readMailboxAccount(emailAccountId);
  if (!account) throw new Error("The account is gone.");
  return openPassword(account);
}
