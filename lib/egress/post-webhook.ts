import "server-only";
import { createHmac } from "node:crypto";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { fieldError } from "@/lib/kernel/errors";
import { plainHost } from "@/lib/kernel/networks";
import { foreignError } from "@/lib/kernel/text/foreign-text";
import { isAllowedHost, saysInside } from "./allowed-hosts";
import { HttpsError, isOfAnswer, isOfCertificate, requestHttps } from "./https";
import { type EgressPolicy, mayBePlain, placeOfUrl, policyFor } from "./policy";

export type WebhookMessage = {
  /** The same for every attempt. */
  id: string;
  body: string;
  /** `whsec_` and base64 */
  secret: string;
};

/** Ends with the answer's status. */
const DEADLINE_MS = 10 * SECOND_MS;

/** Standard Webhooks 1.0. No redirects; the body could reveal the inside. @returns the status in words @throws DeliveryError */
export async function postWebhook(
  address: string,
  message: WebhookMessage,
  deadlineMs = DEADLINE_MS,
): Promise<string> {
  const url = new URL(address);
  const headers = webhookHeaders(message, wallTime());
  const { body } = message;
  const request = { url: address, method: "POST", headers, body } as const;
  const { status } = await requestHttps(
    { ...request, isRepeatable: false, readsBody: () => false },
    webhookEgress(),
    deadlineMs,
  ).catch((error: unknown) => {
    throw asDeliveryError(error, url);
  });
  if (status >= 200 && status < 300) return `Answered ${status}.`;
  if (status >= 300 && status < 400)
    throw new DeliveryError(`The address answered ${status}. Redirects are not followed.`);
  throw new DeliveryError(`The address answered ${status}.`);
}

function asDeliveryError(error: unknown, url: URL): unknown {
  if (!(error instanceof HttpsError)) return error;
  // Node's error may quote either side.
  const cause = foreignError(error.cause ?? error, { secrets: secretsOf(url) });
  return new DeliveryError(reasonOf(error, plainHost(url.hostname)), { cause });
}

function reasonOf({ networkCode }: HttpsError, host: string): string {
  switch (networkCode) {
    case "DEADLINE":
      return "The address did not respond in time.";
    case "PLAIN_REFUSED":
      return "Alerts are sent over https only.";
    case "PRIVATE_ADDRESS":
      return saysInside(host);
    default:
      if (isOfCertificate(networkCode))
        return `The certificate of ${host} is not trusted (${networkCode}).`;
      if (isOfAnswer(networkCode)) return `${host} did not answer in HTTP (${networkCode}).`;
      return /^(ENOTFOUND$|EAI_)/.test(networkCode)
        ? `The name ${host} cannot be resolved.`
        : `The address cannot be reached (${networkCode}).`;
  }
}

/** Services put secrets into path and query. */
function secretsOf({ pathname, search }: URL): string[] {
  return [pathname, search].flatMap((part) => [part.slice(1), ...part.split(/[/?&=]/)]);
}

/** webhook-id, webhook-timestamp, and webhook-signature over both and the body. */
function webhookHeaders({ id, body, secret }: WebhookMessage, now: Date) {
  const timestamp = Math.floor(now.getTime() / 1_000).toString();
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body).toString(),
    "user-agent": "Postkey",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}

/** Any port; inside hosts the operator lists also in clear. */
export function webhookEgress(): EgressPolicy {
  return policyFor([], env, { anyHttpsPort: true, plainInside: true });
}

/** Names are checked again at each delivery. @throws AppError unprocessable on `url` */
export function requireAllowedUrl(address: string): void {
  const url = new URL(address);
  const place = placeOfUrl(url);
  const policy = webhookEgress();
  if (url.protocol !== "https:" && !mayBePlain(place, policy))
    throw fieldError("url", "Enter an address that begins with https://.");
  if (!isAllowedHost(place, policy)) throw fieldError("url", saysInside());
}

export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
}
