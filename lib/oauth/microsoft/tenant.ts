import { z } from "zod";
import { HttpsError, type HttpsReply } from "@/lib/egress/https";
import { readJson } from "@/lib/kernel/text/parse-json";
import type { Cloud } from "../clouds";
import { sendHttps } from "../https";
import type { Registration } from "../service";
import { classifyMicrosoftReply } from "./refusals";

/** OpenID Connect Discovery §4; null for an unknown domain. @throws HttpsError */
export async function resolveTenant(cloud: Cloud, domain: string): Promise<string | null> {
  const url = `${cloud.authority}/${encodeURIComponent(domain)}/v2.0/.well-known/openid-configuration`;
  const reply = await sendHttps({ url, method: "GET" });
  if (isUnknownTenant(reply)) return null;
  const metadata = readJson(z.object({ issuer: z.url() }), reply.body);
  if (reply.status !== 200 || !metadata) throw new HttpsError("MALFORMED");
  const issuer = new URL(metadata.issuer);
  return z.guid().safeParse(issuer.pathname.split("/")[1]).data ?? null;
}

/** AADSTS90002, and 90023 for an impossible tenant. */
const UNKNOWN_TENANT = [90_002, 90_023];

/** A 404 from something in between says nothing about the tenant. */
export function isUnknownTenant(reply: HttpsReply): boolean {
  if (reply.status !== 400 && reply.status !== 404) return false;
  const { errorCodes = [] } = classifyMicrosoftReply(reply).details;
  return errorCodes.some((code) => UNKNOWN_TENANT.includes(code));
}

type Tenant = Pick<Registration, "tenantId" | "accountTypes">;

/** A single-tenant app must name its tenant (AADSTS50194). */
export function tenantSegment({ accountTypes, tenantId }: Tenant): string {
  if (accountTypes === "tenant") return tenantId;
  return accountTypes === "organizations" ? "organizations" : "common";
}

export function keysUrl(registration: Tenant & Pick<Registration, "cloud">): string {
  return `${registration.cloud.authority}/${tenantSegment(registration)}/discovery/v2.0/keys`;
}

/** Also the audience of assertions. */
export function tokenUrl(registration: Tenant & Pick<Registration, "cloud">): string {
  return `${registration.cloud.authority}/${tenantSegment(registration)}/oauth2/v2.0/token`;
}
