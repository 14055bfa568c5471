import { z } from "zod";

export const PRESETS = ["entra", "workspace", "okta", "keycloak", "other"] as const;
export const presetSchema = z.enum(PRESETS, { error: "Choose who signs your people in." });
export type Preset = z.infer<typeof presetSchema>;

/** What a form knows of an identity platform at which people of a company sign in. */
export type PresetFacts = {
  label: string;
  /** The claim that usually says what a person may do; empty where there is none. */
  roleClaim: string;
  /** Under the field with the values. */
  roleHint: string;
  /** An example of an issuer; null where the platform has one for all, or it follows from other fields. */
  issuerExample: string | null;
  /** Where the redirect URI, the client and its secret are. */
  registeredAt: string;
};

export const PRESET_FACTS: Readonly<Record<Preset, PresetFacts>> = {
  entra: {
    label: "Microsoft Entra",
    roleClaim: "roles",
    roleHint:
      "The values of app roles. Instead of roles, groups works for fewer than 200 groups: enter object ids then.",
    issuerExample: null,
    registeredAt:
      "Entra admin center → App registrations → New registration → Redirect URI of the type Web. The secret is under Certificates & secrets.",
  },
  workspace: {
    label: "Google Workspace",
    roleClaim: "",
    roleHint:
      "Google puts no groups into its sign-in. Leave the claim empty, and choose roles under Administrators.",
    issuerExample: null,
    registeredAt:
      "Google Cloud console → Clients → Create client → Web application → Authorized redirect URIs.",
  },
  okta: {
    label: "Okta",
    roleClaim: "groups",
    roleHint: "Names of groups. The application needs a groups claim with a filter (Sign On tab).",
    issuerExample: "https://contoso.okta.com",
    registeredAt:
      "Okta admin console → Applications → Create App Integration → OIDC, Web application → Sign-in redirect URIs.",
  },
  keycloak: {
    label: "Keycloak",
    roleClaim: "groups",
    roleHint:
      "Groups, as the mapper of the client writes them: with Full group path they begin with a slash.",
    issuerExample: "https://keycloak.contoso.com/realms/contoso",
    registeredAt:
      "Keycloak admin console → Clients → Create client → Client authentication on → Valid redirect URIs.",
  },
  other: {
    label: "Any OpenID provider",
    roleClaim: "groups",
    roleHint: "Enter its values below, beside the roles that they give.",
    issuerExample: "https://id.contoso.com",
    registeredAt: "Register a confidential web client with this redirect URI.",
  },
};

/** Of one company alone: a tenant of Entra, with its sign-in server. */
export function entraIssuer(authority: string, tenantId: string): string {
  return new URL(`${tenantId}/v2.0`, authority.endsWith("/") ? authority : `${authority}/`).href;
}

export const WORKSPACE_ISSUER = "https://accounts.google.com";
