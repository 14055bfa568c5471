import type { PresetFacts } from "./preset";

export const WORKSPACE: PresetFacts = {
  label: "Google Workspace",
  roleClaim: "",
  roleHint:
    "Google puts no groups into its sign-in. Leave the claim empty, and choose roles under Administrators.",
  registeredAt:
    "Google Cloud console → Clients → Create client → Web application → Authorized redirect URIs.",
  people: {
    field: "domains",
    missing: "Enter your domain. Without it, every Google account could sign in.",
    pin: { claim: "hd", refusal: "company.domain_foreign", parameter: "hd" },
    issuer: "https://accounts.google.com",
  },
  namesAreAddresses: false,
  // Google refuses such a request.
  takesPromptLogin: false,
};
