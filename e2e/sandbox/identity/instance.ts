import { json, type WebRequest, type WebResponse } from "../http";
import type { Platform } from "../platform";
import { MACHINE_SUBJECT } from "../registrations";
import { signJwt } from "./jwt";

export const TOKEN_EXCHANGE = "api://AzureADTokenExchange";
/** What the environment of an App Service tells its code. */
export const IDENTITY_HEADER = "sandbox-identity-header";

export function instanceIssuer({ authority }: Platform): string {
  return `${authority}/instance`;
}

/** The identity endpoint of this "machine", as App Service has one. */
export function identityEndpoint(platform: Platform, request: WebRequest): WebResponse {
  const { headers, query } = request;
  if (headers["x-identity-header"] !== IDENTITY_HEADER)
    return json(401, { statusCode: 401, message: "The identity header is missing or wrong." });
  const clientId = query.get("client_id");
  if (clientId && clientId !== MACHINE_SUBJECT)
    return json(400, { statusCode: 400, message: "No User Assigned Identity was found." });
  const resource = query.get("resource") ?? "";
  const token = mintForeignToken(platform, MACHINE_SUBJECT, resource);
  return json(200, { access_token: token, resource, token_type: "Bearer" });
}

/** A token of the other issuer, as Kubernetes writes it into a file. */
export function mintForeignToken(
  platform: Platform,
  subject: string,
  audience = TOKEN_EXCHANGE,
): string {
  const now = Math.floor(platform.now() / 1000);
  const issued = { iat: now, nbf: now - 60, exp: now + 3600 };
  const claims = { iss: instanceIssuer(platform), sub: subject, aud: audience, ...issued };
  return signJwt(claims, platform.keys);
}
