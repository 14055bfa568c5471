import { configuredClouds } from "../configured-clouds";

export type SignInCloud = { id: string; label: string; authority: string };

/** Only clouds with https. */
export function listSignInClouds(): SignInCloud[] {
  return configuredClouds()
    .filter(({ service }) => service === "microsoft_azure")
    .map(({ id, label, authorizeOrigin }) => ({ id, label, authority: authorizeOrigin }))
    .filter(({ authority }) => authority.startsWith("https:"));
}
