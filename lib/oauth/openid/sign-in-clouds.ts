import { configuredClouds } from "../configured-clouds";

export type SignInCloud = { id: string; label: string; authority: string };

/** The clouds of Microsoft Entra, and those that the operator added, where they are asked over https. */
export function listSignInClouds(): SignInCloud[] {
  return configuredClouds()
    .filter(({ service }) => service === "microsoft_azure")
    .map(({ id, label, authorizeOrigin }) => ({ id, label, authority: authorizeOrigin }))
    .filter(({ authority }) => authority.startsWith("https:"));
}
