import { ENTRA } from "./entra";
import { KEYCLOAK } from "./keycloak";
import { OKTA } from "./okta";
import { OTHER } from "./other";
import type { PresetFacts } from "./preset";
import { WORKSPACE } from "./workspace";

/** In the order of the form. */
export const PRESET_TABLE = {
  entra: ENTRA,
  workspace: WORKSPACE,
  okta: OKTA,
  keycloak: KEYCLOAK,
  other: OTHER,
} as const satisfies Record<string, PresetFacts>;

export const FIRST_PRESET = "entra";
