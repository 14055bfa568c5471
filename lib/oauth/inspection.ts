import { HttpsError, type HttpsReply } from "@/lib/egress/https";
import { sendHttps } from "./https";
import { OAuthFailure } from "./oauth-failure";
import type { Finding, FindingSubject } from "./schema";

export function ok(subject: FindingSubject): Finding {
  return { subject, verdict: "ok" };
}

export function wrong(subject: FindingSubject, remedyId: string): Finding {
  return { subject, verdict: "wrong", remedyId };
}

export function unknown(subject: FindingSubject): Finding {
  return { subject, verdict: "unknown" };
}

/** @param judge what a refusal says about the application and its credential */
export async function proveClient(
  proving: Promise<void>,
  judge: (refusal: OAuthFailure) => Finding[] | null,
): Promise<Finding[]> {
  const unsaid = [unknown("application"), unknown("credential")];
  try {
    await proving;
    return [ok("application"), ok("credential")];
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error;
    return (error.kind === "retry" ? null : judge(error)) ?? unsaid;
  }
}

/** @param url of an authorization request with `prompt=none`, which signs in no one (OIDC Core §3.1.2.1) */
export async function askForRedirect(
  url: URL,
  { says, remedyId }: { says: string; remedyId: string },
): Promise<Finding> {
  const reply = await get(url.href);
  if (!reply) return unknown("redirect_uri");
  if (isSentBack(reply, url.searchParams)) return ok("redirect_uri");
  return reply.body.includes(says) ? wrong("redirect_uri", remedyId) : unknown("redirect_uri");
}

/** RFC 6749 §4.1.2.1: a redirect elsewhere, or with another state, proves nothing. */
function isSentBack({ status, headers }: HttpsReply, asked: URLSearchParams): boolean {
  if (status !== 302 && status !== 303) return false;
  if (!URL.canParse(headers.location ?? "")) return false;
  const target = new URL(headers.location ?? "");
  const isThere =
    `${target.origin}${target.pathname}` === new URL(asked.get("redirect_uri") ?? "").href;
  return isThere && target.searchParams.get("state") === asked.get("state");
}

export async function get(url: string): Promise<HttpsReply | null> {
  try {
    return await sendHttps({ url, method: "GET" });
  } catch (error) {
    if (error instanceof HttpsError) return null;
    throw error;
  }
}
