import type { PresetFacts } from "@/lib/oauth/openid/presets/preset";

/** A made-up kind of company sign-in: many companies share its issuer, and a claim tells them apart. */
export const lotusAt = (issuer: string): PresetFacts => ({
  label: "Lotus",
  roleClaim: "groups",
  roleHint: "Names of ponds.",
  registeredAt: "Lotus console → Leaves.",
  people: {
    field: "domains",
    missing: "Enter your pond.",
    pin: { claim: "pond", refusal: "company.domain_foreign", parameter: "pond_hint" },
    issuer,
  },
  namesAreAddresses: false,
  takesPromptLogin: false,
});
