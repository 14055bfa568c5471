import "server-only";
import type { NextRequest } from "next/server";
import { findUser } from "@/lib/auth/session";
import { completeAuthorization } from "@/lib/authorizations/complete";
import { readAuthorizationResponse } from "@/lib/authorizations/read-response";
import { env } from "@/lib/env";
import { toAppError } from "@/lib/http/problem";
import { problemPage } from "@/lib/http/problem-page";

/**
 * Where an identity platform sends the browser (RFC 6749 §4.1.2). The only GET with an effect, so it
 * answers to real navigations alone; then 303 to a clean address (RFC 9700 §4.2, §4.12). Its policy
 * and its Referrer-Policy are in next.config.mjs.
 */
export async function authorizationCallback(request: NextRequest): Promise<Response> {
  if (request.method !== "GET" || isPrefetch(request.headers))
    return new Response(null, { status: 405, headers: { allow: "GET" } });
  try {
    const response = readAuthorizationResponse(request.nextUrl.searchParams);
    const { authorizationRequestId, cloudProviderId } = await completeAuthorization(
      await findUser(),
      response,
      request.nextUrl.pathname,
    );
    const target = new URL(`/settings/cloud-providers/${cloudProviderId}`, env().url);
    target.searchParams.set("authorization", authorizationRequestId);
    return new Response(null, {
      status: 303,
      headers: {
        location: target.href,
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    const problem = toAppError(error);
    return problemPage(problem, { retry: problem.code === "temporarily_unavailable" });
  }
}

function isPrefetch(headers: Headers): boolean {
  const purpose = `${headers.get("purpose") ?? ""} ${headers.get("sec-purpose") ?? ""}`;
  return purpose.includes("prefetch");
}
