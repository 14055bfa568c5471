import { byIssuer, type PresetFacts } from "./preset";

export const OKTA: PresetFacts = {
  label: "Okta",
  roleClaim: "groups",
  roleHint: "Names of groups. The application needs a groups claim with a filter (Sign On tab).",
  registeredAt:
    "Okta admin console → Applications → Create App Integration → OIDC, Web application → Sign-in redirect URIs.",
  people: byIssuer("https://contoso.okta.com"),
  namesAreAddresses: false,
  takesPromptLogin: true,
};
