import { byIssuer, type PresetFacts } from "./preset";

export const KEYCLOAK: PresetFacts = {
  label: "Keycloak",
  roleClaim: "groups",
  roleHint:
    "Groups, as the mapper of the client writes them: with Full group path they begin with a slash.",
  registeredAt:
    "Keycloak admin console → Clients → Create client → Client authentication on → Valid redirect URIs.",
  people: byIssuer("https://keycloak.contoso.com/realms/contoso"),
  namesAreAddresses: false,
  takesPromptLogin: true,
};
