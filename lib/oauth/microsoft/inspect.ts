import { randomUUID } from "node:crypto";
import { z } from "zod";
import { HttpsError, type HttpsReply } from "@/lib/egress/https";
import { parseJson } from "@/lib/kernel/text/parse-json";
import { ok, unknown, wrong } from "../finding";
import { sendHttps } from "../https";
import { OAuthFailure } from "../oauth-failure";
import { createPkcePair } from "../pkce";
import type { Finding } from "../schema";
import { isSentBack } from "../sent-back";
import type { Registration } from "../service";
import { proveCredential } from "./client";
import { isUnknownTenant } from "./tenant";
import { tenantSegment } from "./tenant-path";

/** `prompt=none` (OIDC Core §3.1.2.1) answers only to a registered redirect URI. */
export async function inspect(registration: Registration, redirectUri: string): Promise<Finding[]> {
  const [tenant, client, redirect] = await Promise.all([
    findTenant(registration),
    proveClient(registration),
    askForRedirect(registration, redirectUri),
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
  const reply = await ask(url);
  if (!reply) return unknown("tenant");
  if (isUnknownTenant(reply)) return wrong("tenant", "AADSTS90002");
  const metadata = metadataSchema.safeParse(parseJson(reply.body));
  if (reply.status !== 200 || !metadata.success) return unknown("tenant");
  const { token_endpoint, tenant_region_sub_scope } = metadata.data;
  const { origin: authority } = new URL(token_endpoint);
  if (authority === new URL(cloud.authority).origin) return ok("tenant");
  const elsewhere = { authority, regionScope: tenant_region_sub_scope ?? "" };
  return { ...wrong("tenant", "AADSTS900382"), elsewhere };
}

/** For these the credential was not checked. */
const ABOUT_APPLICATION = new Set(["AADSTS700016", "AADSTS7000112", "AADSTS700011", "AADSTS70001"]);
const ABOUT_TENANT = new Set(["AADSTS90002", "AADSTS90023", "AADSTS900382"]);

async function proveClient(registration: Registration): Promise<Finding[]> {
  try {
    await proveCredential(registration);
    return [ok("application"), ok("credential")];
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error;
    const { remedyId, kind } = error;
    if (kind === "retry" || ABOUT_TENANT.has(remedyId))
      return [unknown("application"), unknown("credential")];
    if (ABOUT_APPLICATION.has(remedyId))
      return [wrong("application", remedyId), unknown("credential")];
    return [isKnown(error) ? ok("application") : unknown("application"), ofCredential(error)];
  }
}

/** RFC 6749 §5.2: the refused credential implies a known application. */
function isKnown({ details: { error, errorCodes = [] } }: OAuthFailure): boolean {
  return error === "invalid_client" && errorCodes.length > 0;
}

/** Without a number of Microsoft's it says nothing about the credential. */
function ofCredential({ remedyId, details: { error, errorCodes = [] } }: OAuthFailure): Finding {
  const isUnsaid = error !== undefined && errorCodes.length === 0;
  return isUnsaid ? unknown("credential") : wrong("credential", remedyId);
}

async function askForRedirect(registration: Registration, redirectUri: string): Promise<Finding> {
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
  const reply = await ask(url.href);
  if (!reply) return unknown("redirect_uri");
  if (isSentBack(reply, parameters)) return ok("redirect_uri");
  const [number] = /AADSTS50011\d?/.exec(reply.body) ?? [];
  return number ? wrong("redirect_uri", "AADSTS50011") : unknown("redirect_uri");
}

async function ask(url: string): Promise<HttpsReply | null> {
  try {
    return await sendHttps({ url, method: "GET" });
  } catch (error) {
    if (error instanceof HttpsError) return null;
    throw error;
  }
}
