import { openRegistration } from "@/lib/cloud-providers/store";

/** The client secret that a provider uses now. */
export async function secretInUse(cloudProviderId: string): Promise<string> {
  const { credential } = await openRegistration(cloudProviderId);
  if (credential.kind !== "client_secret") throw new Error(`It uses a ${credential.kind}.`);
  return credential.secret;
}
