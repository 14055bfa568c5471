import {
  HttpsError,
  type HttpsReply,
  type HttpsRequest,
  isOfCertificate,
  requestHttps,
} from "@/lib/egress/https";
import { type EgressPolicy, placeOfUrl, policyFor } from "@/lib/egress/policy";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { configuredClouds } from "../configured-clouds";
import { notePlatformTime } from "../https";
import { OpenIdFailure } from "./failure";

/** A person waits for several requests in a row. */
const DEADLINE_MS = 8 * SECOND_MS;

/** https to public hosts, or to inside hosts the operator lists. @throws OpenIdFailure */
export async function sendOpenId(request: HttpsRequest): Promise<HttpsReply> {
  const { host } = new URL(request.url);
  try {
    const reply = await requestHttps(request, companyEgress(), DEADLINE_MS);
    notePlatformTime(host, reply.headers.date);
    return reply;
  } catch (error) {
    throw error instanceof HttpsError ? notAsked(host, error) : error;
  }
}

function notAsked(host: string, cause: HttpsError): OpenIdFailure {
  const { networkCode } = cause;
  return new OpenIdFailure(remedyOf(networkCode), `${host}: ${networkCode}`, { cause });
}

function remedyOf(networkCode: string) {
  if (REFUSED.has(networkCode)) return "address_refused";
  return isOfCertificate(networkCode) ? "certificate" : "unreachable";
}

const REFUSED: ReadonlySet<string> = new Set(["PRIVATE_ADDRESS", "PORT_REFUSED", "PLAIN_REFUSED"]);

export function companyEgress(): EgressPolicy {
  const presets = listSignInClouds().map(({ authority }) => placeOfUrl(new URL(authority)));
  return policyFor(presets, env, { anyHttpsPort: true });
}

export type SignInCloud = { id: string; label: string; authority: string };

export function listSignInClouds(): SignInCloud[] {
  return configuredClouds()
    .filter(({ service }) => service === "microsoft_azure")
    .map(({ id, label, authorizeOrigin }) => ({ id, label, authority: authorizeOrigin }))
    .filter(({ authority }) => authority.startsWith("https:"));
}
