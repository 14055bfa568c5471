import { type HttpsReply, type HttpsRequest, requestHttps } from "@/lib/egress/https";
import { platformEgress } from "./platform-egress";

/** One request to an identity platform, or to what belongs to one. @throws HttpsError */
export function sendHttps(input: HttpsRequest, deadlineMs?: number): Promise<HttpsReply> {
  return requestHttps(input, platformEgress(), deadlineMs);
}
