import type { NextRequest } from "next/server";
import { findOwner } from "@/lib/http/auth/owner";
import { findUser } from "@/lib/http/auth/session";
import { toAppError } from "@/lib/http/problem";
import { problemPage } from "@/lib/http/problem-page";
import { env } from "@/lib/kernel/env";
import { isCallbackPath } from "@/lib/oauth/services";
import {
  type Completed,
  completeAuthorization,
  readAuthorizationResponse,
} from "@/lib/sign-ins/complete";
import { isBegunByLink } from "@/lib/sign-ins/links/owner";

export const dynamic = "force-dynamic";

/**
 * Where an identity platform sends the browser (RFC 6749 §4.1.2). The only GET with an effect, so it
 * answers to real navigations alone; then 303 to a clean address (RFC 9700 §4.2, §4.12). The path is the one
 * that is registered there; its policy and its Referrer-Policy are in next.config.mjs.
 */
export async function GET(request: NextRequest): Promise<Response> {
  if (!isCallbackPath(request.nextUrl.pathname)) return new Response(null, { status: 404 });
  if (request.method !== "GET" || isPrefetch(request.headers))
    return new Response(null, { status: 405, headers: { allow: "GET" } });
  let isOwner = false;
  try {
    const response = readAuthorizationResponse(request.nextUrl.searchParams);
    isOwner = await isBegunByLink(response.state);
    const owner = isOwner ? await findOwner(response.state) : null;
    const completed = await completeAuthorization(
      owner ?? (await findUser()),
      response,
      request.nextUrl.pathname,
    );
    return new Response(null, {
      status: 303,
      headers: {
        location: pageOf(completed).href,
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    const problem = toAppError(error);
    return problemPage(problem, { retry: problem.code === "temporarily_unavailable", isOwner });
  }
}

function pageOf(completed: Completed): URL {
  const { authorizationRequestId, cloudProviderId, move } = completed;
  const page = new URL(pathOf(completed), env().url);
  page.searchParams.set("authorization", authorizationRequestId);
  if (move) page.searchParams.set("provider", cloudProviderId);
  if (move) page.searchParams.set("username", move.username);
  return page;
}

function pathOf({ cloudProviderId, emailAccountId, move, isOfLink }: Completed): string {
  if (isOfLink) return "/connect/done";
  if (move) return `/email/migration/${move.emailAccountId}`;
  if (emailAccountId) return `/email/accounts/${emailAccountId}`;
  return `/settings/cloud-providers/${cloudProviderId}`;
}

function isPrefetch(headers: Headers): boolean {
  const purpose = `${headers.get("purpose") ?? ""} ${headers.get("sec-purpose") ?? ""}`;
  return purpose.includes("prefetch");
}
