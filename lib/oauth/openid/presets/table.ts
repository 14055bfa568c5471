import { byIssuer, type PresetFacts } from "./preset";

/** In the order of the form. */
export const PRESET_TABLE = {
  entra: {
    label: "Microsoft Entra",
    roleClaim: "roles",
    roleHint:
      "The values of app roles. Instead of roles, groups works for fewer than 200 groups: enter object ids then.",
    registeredAt:
      "Entra admin center → App registrations → New registration → Redirect URI of the type Web. The secret is under Certificates & secrets.",
    people: {
      field: "tenantId",
      missing:
        "Enter the tenant ID, a UUID such as 0f7e2c1a-5b3d-4e6f-8a9b-1c2d3e4f5a6b. Names such as common would admit every company.",
      pin: { claim: "tid", refusal: "company.tenant_foreign", parameter: null },
      issuerOf: (authority, tenantId) =>
        new URL(`${tenantId}/v2.0`, authority.endsWith("/") ? authority : `${authority}/`).href,
    },
    namesAreAddresses: true,
    takesPromptLogin: true,
  },
  workspace: {
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
  },
  okta: {
    label: "Okta",
    roleClaim: "groups",
    roleHint: "Names of groups. The application needs a groups claim with a filter (Sign On tab).",
    registeredAt:
      "Okta admin console → Applications → Create App Integration → OIDC, Web application → Sign-in redirect URIs.",
    people: byIssuer("https://contoso.okta.com"),
    namesAreAddresses: false,
    takesPromptLogin: true,
  },
  keycloak: {
    label: "Keycloak",
    roleClaim: "groups",
    roleHint:
      "Groups, as the mapper of the client writes them: with Full group path they begin with a slash.",
    registeredAt:
      "Keycloak admin console → Clients → Create client → Client authentication on → Valid redirect URIs.",
    people: byIssuer("https://keycloak.contoso.com/realms/contoso"),
    namesAreAddresses: false,
    takesPromptLogin: true,
  },
  other: {
    label: "Any OpenID provider",
    roleClaim: "groups",
    roleHint: "Enter its values below, beside the roles that they give.",
    registeredAt: "Register a confidential web client with this redirect URI.",
    people: byIssuer("https://id.contoso.com"),
    namesAreAddresses: false,
    takesPromptLogin: true,
  },
} as const satisfies Record<string, PresetFacts>;

export const FIRST_PRESET = "entra";
