import { readMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { openPassword, sealPassword } from "@/lib/email-accounts/store";
import { db } from "@/lib/kernel/db";
import { openPendingCertificate } from "@/lib/registrations/credentials/sealed/store";
import { loadRegistration, openRegistration } from "@/lib/registrations/store";

/** The client secret that a provider uses now. */
export async function secretInUse(cloudProviderId: string): Promise<string> {
  const { credential } = await openRegistration(cloudProviderId);
  if (credential.kind !== "client_secret") throw new Error(`It uses a ${credential.kind}.`);
  return credential.secret;
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
