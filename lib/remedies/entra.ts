import { ENTRA_CONSENT } from "./entra-consent";
import { ENTRA_CREDENTIALS } from "./entra-credentials";
import { ENTRA_DEVICE } from "./entra-device";
import { ENTRA_PERSON } from "./entra-person";
import { ENTRA_POLICY } from "./entra-policy";
import { ENTRA_REGISTRATION } from "./entra-registration";
import { ENTRA_REQUEST } from "./entra-request";
import { entraRemedies } from "./entra-row";
import { ENTRA_SIGN_IN } from "./entra-sign-in";
import { ENTRA_TENANT } from "./entra-tenant";
import { ENTRA_WHICH_TENANT } from "./entra-which-tenant";
import type { Written } from "./remedy";

/** What the identity platform answers with, by its number (`AADSTS7000215`). */
export const ENTRA_REMEDIES: readonly Written[] = entraRemedies([
  ...ENTRA_REGISTRATION,
  ...ENTRA_WHICH_TENANT,
  ...ENTRA_CREDENTIALS,
  ...ENTRA_CONSENT,
  ...ENTRA_TENANT,
  ...ENTRA_SIGN_IN,
  ...ENTRA_PERSON,
  ...ENTRA_POLICY,
  ...ENTRA_DEVICE,
  ...ENTRA_REQUEST,
]);
