import { byIssuer, type PresetFacts } from "./preset";

export const OTHER: PresetFacts = {
  label: "Any OpenID provider",
  roleClaim: "groups",
  roleHint: "Enter its values below, beside the roles that they give.",
  registeredAt: "Register a confidential web client with this redirect URI.",
  people: byIssuer("https://id.contoso.com"),
  namesAreAddresses: false,
  takesPromptLogin: true,
};
