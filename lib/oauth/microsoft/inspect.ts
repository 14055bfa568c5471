import { randomUUID } from "node:crypto";
import { z } from "zod";
import { readJson } from "@/lib/kernel/text/parse-json";
import { askForRedirect, get, ok, proveClient, unknown, wrong } from "../inspection";
import type { OAuthFailure } from "../oauth-failure";
import { createPkcePair } from "../pkce";
import type { Finding } from "../schema";
import type { Registration } from "../service";
import { proveCredential } from "./client";
import { isUnknownTenant, tenantSegment } from "./tenant";

/** `prompt=none` (OIDC Core §3.1.2.1) answers only to a registered redirect URI. */
export async function inspect(registration: Registration, redirectUri: string): Promise<Finding[]> {
  const asked = await redirectUrl(registration, redirectUri);
  const [tenant, client, redirect] = await Promise.all([
    findTenant(registration),
    proveClient(proveCredential(registration), judge),
    askForRedirect(asked, { says: "AADSTS50011", remedyId: "AADSTS50011" }),
  ]);
  return [tenant, ...client, redirect];
}

const metadataSchema = z.object({
  token_endpoint: z.url(),
  /** `DODCON` is GCC High, `DOD` is DoD; they share a sign-in host. */
  tenant_region_sub_scope: z.string().max(32).nullish(),
});

async function findTenant({ cloud, tenantId }: Registration): Promise<Finding> {
  const url = `${cloud.authority}/${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`;
  const reply = await get(url);
  if (!reply) return unknown("tenant");
  if (isUnknownTenant(reply)) return wrong("tenant", "AADSTS90002");
  const metadata = readJson(metadataSchema, reply.body);
  if (reply.status !== 200 || !metadata) return unknown("tenant");
  const { token_endpoint, tenant_region_sub_scope } = metadata;
  const { origin: authority } = new URL(token_endpoint);
  if (authority === new URL(cloud.authority).origin) return ok("tenant");
  const elsewhere = { authority, regionScope: tenant_region_sub_scope ?? "" };
  return { ...wrong("tenant", "AADSTS900382"), elsewhere };
}

/** For these the credential was not checked. */
const ABOUT_APPLICATION = new Set(["AADSTS700016", "AADSTS7000112", "AADSTS700011", "AADSTS70001"]);
const ABOUT_TENANT = new Set(["AADSTS90002", "AADSTS90023", "AADSTS900382"]);

function judge({ remedyId, details: { error, errorCodes = [] } }: OAuthFailure): Finding[] | null {
  if (ABOUT_TENANT.has(remedyId)) return null;
  if (ABOUT_APPLICATION.has(remedyId))
    return [wrong("application", remedyId), unknown("credential")];
  const hasNumber = errorCodes.length > 0;
  // RFC 6749 §5.2: the refused credential implies a known application.
  const isKnown = error === "invalid_client" && hasNumber;
  // Without a number of Microsoft's it says nothing about the credential.
  const isUnsaid = error !== undefined && !hasNumber;
  return [
    isKnown ? ok("application") : unknown("application"),
    isUnsaid ? unknown("credential") : wrong("credential", remedyId),
  ];
}

async function redirectUrl(registration: Registration, redirectUri: string): Promise<URL> {
  const { cloud, clientId } = registration;
  const url = new URL(`${cloud.authority}/${tenantSegment(registration)}/oauth2/v2.0/authorize`);
  const { codeChallenge } = await createPkcePair();
  const parameters = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid",
    prompt: "none",
    state: randomUUID(),
    code_challenge: codeChallenge,
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
