import { ENTRA_CREDENTIALS } from "./entra-credentials";
import { ENTRA_REGISTRATION } from "./entra-registration";
import { entraRemedies } from "./entra-row";
import { ENTRA_SIGN_IN } from "./entra-sign-in";
import type { Remedy } from "./remedy";

/** What the identity platform answers with, by its number (`AADSTS7000215`). */
export const ENTRA_REMEDIES: readonly Remedy[] = entraRemedies([
  ...ENTRA_REGISTRATION,
  ...ENTRA_CREDENTIALS,
  ...ENTRA_SIGN_IN,
]);
