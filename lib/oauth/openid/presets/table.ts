import { ENTRA } from "./entra";
import { KEYCLOAK } from "./keycloak";
import { OKTA } from "./okta";
import { OTHER } from "./other";
import type { PresetFacts } from "./preset";
import { WORKSPACE } from "./workspace";

/** The kinds of company sign-in, in the order of the form: each has a file here and a row in this table. */
export const PRESET_TABLE = {
  entra: ENTRA,
  workspace: WORKSPACE,
  okta: OKTA,
  keycloak: KEYCLOAK,
  other: OTHER,
} as const satisfies Record<string, PresetFacts>;

/** What a new form begins with. */
export const FIRST_PRESET = "entra";
