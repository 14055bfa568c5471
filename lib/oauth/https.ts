import { type HttpsReply, type HttpsRequest, requestHttps } from "@/lib/egress/https";
import { platformEgress } from "./platform-egress";

/** Sending a code twice may revoke its tokens (RFC 6749 §4.1.2, RFC 8628 §3.4). */
const SPENT_AT_ONCE: ReadonlySet<string | null> = new Set([
  "authorization_code",
  "urn:ietf:params:oauth:grant-type:device_code",
]);

/** @throws HttpsError */
export function sendHttps(input: HttpsRequest, deadlineMs?: number): Promise<HttpsReply> {
  const isSpent = SPENT_AT_ONCE.has(new URLSearchParams(input.body).get("grant_type"));
  return requestHttps({ isRepeatable: !isSpent, ...input }, platformEgress(), deadlineMs);
}
