import { COMPANY_ANSWER } from "./company-answer";
import { COMPANY_ATTEMPT } from "./company-attempt";
import { COMPANY_PERSON } from "./company-person";
import { COMPANY_PROVIDER } from "./company-provider";
import type { Written } from "./remedy";

/** Of people who sign in at their company. */
export const COMPANY_REMEDIES: readonly Written[] = [
  ...COMPANY_PROVIDER,
  ...COMPANY_ANSWER,
  ...COMPANY_PERSON,
  ...COMPANY_ATTEMPT,
];
