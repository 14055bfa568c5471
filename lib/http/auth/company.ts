import "server-only";
import { NextRequest } from "next/server";
import { type Actor, can } from "@/lib/kernel/actor";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { findSlugs } from "@/lib/people/company/queries";
import {
  forgetCompany,
  invitationPurpose,
  openRound,
  type Purpose,
} from "@/lib/people/company/round";
import { isSlug } from "@/lib/people/company/slugs";
import { readBody } from "../read-body";
import { companyArrival } from "./company-arrival";
import { purposeCookie } from "./company-cookie";
import { pageOfFailure, withCookies } from "./company-pages";
import { companyProvider, namedProvider } from "./company-provider";
import { forgottenRefusal } from "./company-refusal";
import type { CompanyVisit } from "./company-visit";
import { findUser } from "./session";

const MAX_FORM_BYTES = 16 * 1024;

/** Before next-auth; a broken company must not affect other requests. */
export async function companyVisit(
  request: NextRequest,
  [action, slug = ""]: readonly string[],
): Promise<CompanyVisit | Response> {
  if (action === "providers") return { request, providers: (await findSlugs()).map(namedProvider) };
  if (!isSlug(slug)) return { request, providers: [] };
  if (action === "signin" && request.method === "POST") return departure(request, slug);
  if (action === "callback" && request.method === "GET") return companyArrival(request, slug);
  return new Response(null, { status: 405 });
}

/** Other parameters of the address are ignored. */
async function departure(request: NextRequest, slug: string): Promise<CompanyVisit | Response> {
  const body = (await readBody(request, MAX_FORM_BYTES)).toString();
  const actor = await findUser();
  const purpose = purposeOf(new URLSearchParams(body), actor);
  try {
    if (purpose.for === "test" && actor && can(actor, "administrators:write"))
      await forgetCompany(slug);
    const round = await openRound(slug, purpose, actor);
    const { origin, pathname } = request.nextUrl;
    const { headers } = request;
    return {
      request: new NextRequest(new URL(pathname, origin), { method: "POST", headers, body }),
      providers: [companyProvider(round)],
      finish: async (response) => {
        // Without next-auth's cookies nothing was begun.
        const isBegun = response.headers.getSetCookie().some((each) => /\.state=./.test(each));
        if (!isBegun) return response;
        return withCookies(response, [await purposeCookie(purpose), forgottenRefusal()]);
      },
    };
  } catch (error) {
    const url = await pageOfFailure({ error, slug, purpose, actor });
    return withCookies(Response.json({ url }), [forgottenRefusal()]);
  }
}

function purposeOf(form: URLSearchParams, actor: Actor | null): Purpose {
  const sessionId = actor?.sessionId ?? "";
  switch (form.get("purpose")) {
    case "test":
      return { for: "test", sessionId };
    case "link":
      return { for: "link", sessionId };
    case "proof":
      return { for: "proof", sessionId, askedAt: Math.floor(wallTime().getTime() / SECOND_MS) };
    case "invitation":
      return invitationPurpose(form.get("token") ?? "");
    default:
      return { for: "sign_in" };
  }
}
