import { z } from "zod";
import type { Cloud } from "../clouds";
import { sendHttps } from "../https";

const metadataSchema = z.object({ issuer: z.url() });

/**
 * The id of the tenant that a verified domain belongs to, from the platform's public metadata
 * (OpenID Connect Discovery §4).
 *
 * @param domain already checked to be a plain domain name
 * @returns null when the platform knows no such domain
 * @throws HttpsError when there was no answer
 */
export async function resolveTenant(cloud: Cloud, domain: string): Promise<string | null> {
  const url = `${cloud.authority}/${encodeURIComponent(domain)}/v2.0/.well-known/openid-configuration`;
  const { status, body } = await sendHttps({ url, method: "GET" });
  if (status !== 200) return null;
  const issuer = new URL(metadataSchema.parse(JSON.parse(body)).issuer);
  return z.guid().safeParse(issuer.pathname.split("/")[1]).data ?? null;
}
