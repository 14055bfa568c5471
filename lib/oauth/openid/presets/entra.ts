import type { PresetFacts } from "./preset";

export const ENTRA: PresetFacts = {
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
};
