import type { ConsentRequest, ConsentSubject } from "../service";
import { IDENTITY_SCOPES, requestedScopes } from "./scopes";

/**
 * Microsoft, "Admin consent on the Microsoft identity platform": of one tenant, never `common`. For an
 * application that signs in by itself the page lists what its registration asks for.
 */
export function adminConsentUrl(
  registration: ConsentSubject,
  { state, redirectUri }: ConsentRequest,
): URL {
  const { cloud, tenantId, clientId, grant } = registration;
  const scopes =
    grant === "app_only"
      ? [`${cloud.scopeHost}/.default`]
      : [...IDENTITY_SCOPES, ...requestedScopes(registration)];
  const url = new URL(`${cloud.authorizeOrigin}/${tenantId}/v2.0/adminconsent`);
  url.searchParams.set("client_id", clientId);
  url.searchParams.set("redirect_uri", redirectUri);
  url.searchParams.set("state", state);
  url.searchParams.set("scope", scopes.join(" "));
  return url;
}
