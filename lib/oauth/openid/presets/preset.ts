export type PresetFacts = {
  label: string;
  roleClaim: string;
  roleHint: string;
  registeredAt: string;
  people: PeopleOf;
  /** Only administrators choose sign-in names, and these are addresses. */
  namesAreAddresses: boolean;
  /** OpenID Connect Core §3.1.2.1 */
  takesPromptLogin: boolean;
};

/** A shared issuer, or one that follows from a tenant, needs a claim to tell companies apart. */
export type PeopleOf =
  | {
      field: "tenantId";
      missing: string;
      pin: Pin;
      issuerOf(authority: string, tenantId: string): string;
    }
  | { field: "domains"; missing: string; pin: Pin; issuer: string }
  | { field: "issuer"; missing: string; pin: null; example: string };

export type Pin = {
  claim: string;
  /** Catalogue entry for another value, or none. */
  refusal: string;
  /** Request parameter that preselects a value. */
  parameter: string | null;
};

export function byIssuer(example: string): PeopleOf {
  return { field: "issuer", missing: "Enter the issuer.", pin: null, example };
}
