import { randomUUID } from "node:crypto";
import { json, type WebRequest, type WebResponse } from "../http";
import { decodeJwt, hasValidSignature } from "../identity/jwt";
import { transportFault } from "../identity/transport-faults";
import { findRegistration, type Platform } from "../platform";
import { type ClientSecret, createSecret, type Registration } from "../registrations";

/** The permission with which an application manages those that it owns: here, itself. */
const OWNED_BY = "Application.ReadWrite.OwnedBy";
const DAY_MS = 86_400_000;
const DEFAULT_LIFE_MS = 730 * DAY_MS;

/** A refusal in the words of Microsoft Graph. */
class GraphError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

type Action = (platform: Platform, registration: Registration, request: WebRequest) => WebResponse;

const ACTIONS: Readonly<Record<string, { method: string; run: Action }>> = {
  "": { method: "GET", run: getApplication },
  "/addPassword": { method: "POST", run: addPassword },
  "/removePassword": { method: "POST", run: removePassword },
};

const PATH = /^\/v1\.0\/applications\(appId='([^']+)'\)(\/\w+)?$/;

/** `/v1.0/applications(appId='…')`, the part that an application needs to change its secrets. */
export function graphHandler(platform: Platform, request: WebRequest): WebResponse | undefined {
  const [, appId, path = ""] = PATH.exec(decodeURIComponent(request.path)) ?? [];
  const action = ACTIONS[path];
  if (!appId || action?.method !== request.method) return undefined;
  const what = path.slice(1) || "getApplication";
  const broken = transportFault(platform, { place: "graph", request });
  if (broken) return broken;
  try {
    const registration = authorize(platform, { request, appId, isChange: path !== "" });
    const answer = action.run(platform, registration, request);
    platform.requests.record({ place: "graph", what, outcome: String(answer.status) });
    const isLost = path !== "" && platform.faults.strikes("graph_answer_lost", { place: "graph" });
    return isLost ? { ...answer, delivery: "reset" } : answer;
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    platform.requests.record({ place: "graph", what, outcome: error.code });
    return refusal(error);
  }
}

/** Who asks, and whether he may: reading needs the permission, changing the ownership as well. */
function authorize(
  platform: Platform,
  { request, appId, isChange }: { request: WebRequest; appId: string; isChange: boolean },
): Registration {
  const [scheme, token = ""] = (request.headers.authorization ?? "").split(" ");
  const jwt = scheme === "Bearer" ? decodeJwt(token) : undefined;
  const isGood =
    jwt?.header.alg === "RS256" &&
    hasValidSignature(jwt, platform.keys.publicKey) &&
    jwt.claims.aud === platform.authority &&
    Number(jwt.claims.exp) > platform.now() / 1000;
  if (!jwt || !isGood)
    throw new GraphError(401, "InvalidAuthenticationToken", "Access token validation failure.");
  const { roles, appid } = jwt.claims;
  const isPermitted = Array.isArray(roles) && roles.includes(OWNED_BY);
  const isOwner =
    appid === appId.toLowerCase() &&
    !platform.faults.strikes("graph_not_owner", { place: "graph" });
  if (!isPermitted || (isChange && !isOwner))
    throw new GraphError(
      403,
      "Authorization_RequestDenied",
      "Insufficient privileges to complete the operation.",
    );
  const registration = findRegistration(platform, appId);
  if (registration) return registration;
  const message = `Resource '${appId}' does not exist or one of its queried reference-property objects are not present.`;
  throw new GraphError(404, "Request_ResourceNotFound", message);
}

function getApplication(platform: Platform, { clientId, secrets }: Registration): WebResponse {
  return json(200, {
    "@odata.context": `${platform.authority}/v1.0/$metadata#applications(id,passwordCredentials)/$entity`,
    id: clientId,
    passwordCredentials: secrets.map((secret) => ({ ...passwordView(secret), secretText: null })),
  });
}

function addPassword(platform: Platform, registration: Registration, { body }: WebRequest) {
  const { displayName, endDateTime } = readObject(body.get("passwordCredential"));
  const now = platform.now();
  const expiresAt = endDateTime === undefined ? now + DEFAULT_LIFE_MS : Date.parse(endDateTime);
  if (Number.isNaN(expiresAt))
    throw new GraphError(400, "Request_BadRequest", "Invalid value for endDateTime.");
  const secret: ClientSecret = { ...createSecret(now), expiresAt };
  if (displayName !== undefined) secret.displayName = displayName;
  registration.secrets.push(secret);
  platform.state.save();
  return json(200, { ...passwordView(secret), secretText: secret.value });
}

function removePassword(platform: Platform, registration: Registration, { body }: WebRequest) {
  const left = registration.secrets.filter(({ id }) => id !== body.get("keyId"));
  if (left.length === registration.secrets.length)
    throw new GraphError(400, "Request_BadRequest", "No credentials found to be removed.");
  registration.secrets = left;
  platform.state.save();
  return { status: 204 };
}

function passwordView({ id, value, displayName, createdAt, expiresAt }: ClientSecret) {
  return {
    customKeyIdentifier: null,
    displayName: displayName ?? null,
    endDateTime: new Date(expiresAt).toISOString(),
    hint: value.slice(0, 3),
    keyId: id,
    startDateTime: new Date(createdAt).toISOString(),
  };
}

/** Written by http.ts, out of the body's JSON. */
function readObject(text: string | null): Record<string, string> {
  const value: unknown = JSON.parse(text ?? "{}");
  const entries = Object.entries(typeof value === "object" ? (value ?? {}) : {});
  return Object.fromEntries(entries.map(([name, field]) => [name, String(field)]));
}

function refusal({ status, code, message }: GraphError): WebResponse {
  const requestId = randomUUID();
  const date = new Date().toISOString().slice(0, 19);
  const innerError = { date, "request-id": requestId, "client-request-id": requestId };
  return json(status, { error: { code, message, innerError } }, { "request-id": requestId });
}
