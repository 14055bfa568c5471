/** What Postkey has to know of a kind of identity platform at which people of a company sign in. */
export type PresetFacts = {
  label: string;
  /** The claim that usually says what a person may do; empty where there is none. */
  roleClaim: string;
  /** Under the field with the values. */
  roleHint: string;
  /** Where the redirect URI, the client and its secret are. */
  registeredAt: string;
  people: PeopleOf;
  /** Whether only the company's administrators choose the names that people sign in with, and those are addresses. */
  namesAreAddresses: boolean;
  /** Whether a request with `prompt=login` is understood (OpenID Connect Core §3.1.2.1). */
  takesPromptLogin: boolean;
};

/**
 * By which field of the form a company is found. An issuer that many companies share, or that follows from a
 * tenant, has a claim that tells them apart.
 */
export type PeopleOf =
  | {
      field: "tenantId";
      missing: string;
      pin: Pin;
      issuerOf(authority: string, tenantId: string): string;
    }
  | { field: "domains"; missing: string; pin: Pin; issuer: string }
  | { field: "issuer"; missing: string; pin: null; example: string };

/** The claim that has to have one of the values of the form. */
export type Pin = {
  claim: string;
  /** What the error catalogue says of people with another value, or with none. */
  refusal: string;
  /** The parameter of the authorization request that preselects a value; null where there is none. */
  parameter: string | null;
};

/** A company with an issuer of its own. */
export function byIssuer(example: string): PeopleOf {
  return { field: "issuer", missing: "Enter the issuer.", pin: null, example };
}
