import { NextRequest } from "next/server";
import { type Actor, can } from "@/lib/kernel/actor";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import type { Redeemed } from "@/lib/oauth/openid/exchange";
import { OpenIdFailure } from "@/lib/oauth/openid/failure";
import { findSlugs } from "@/lib/people/company/queries";
import {
  countReturn,
  forgetCompany,
  invitationPurpose,
  openRound,
  type Purpose,
  type Round,
} from "@/lib/people/company/round";
import {
  joinAtCompany,
  linkAtCompany,
  proveAtCompany,
  signInAtCompany,
} from "@/lib/people/company/sign-in";
import { isSlug } from "@/lib/people/company/slugs";
import { keepTest } from "@/lib/people/company/test/mutations";
import { refusedBy } from "@/lib/remedies/app-error";
import { readBody } from "../read-body";
import { networkAddress } from "./client-address";
import { knownBrowser, purposeCookie, readBegun, readBrowser } from "./company-cookie";
import {
  type Arrival,
  type CompanyVisit,
  companyProvider,
  type Decision,
  namedProvider,
} from "./company-provider";
import {
  keptRefusal,
  pageOfFailure,
  redirectTo,
  refusalCookie,
  withCookies,
} from "./company-refusal";
import { findUser } from "./session";

export async function companyArrival(
  request: NextRequest,
  slug: string,
): Promise<CompanyVisit | Response> {
  const [begun, actor] = await Promise.all([readBegun(request), findUser()]);
  const purpose = begun?.purpose ?? ({ for: "sign_in" } as const);
  const failWith = async (error: unknown, { cookies = [], came }: Returned = {}) => {
    const page = await pageOfFailure({ error, slug, purpose, actor });
    return redirectTo(page, [
      ...cookies,
      purposeCookie.forgotten(),
      await refusalCookie(page, came),
    ]);
  };
  try {
    // A browser that began nothing can guess nothing; it costs no attempt.
    if (!begun) throw notCompleted();
    const takeBack = await countReturn(networkAddress(request.headers), begun.roundId);
    const browser = actor?.sessionId ?? readBrowser(request, slug);
    const arrival: Arrival = { params: request.nextUrl.searchParams, browser };
    requireCode(arrival.params);
    const round = await openRound(slug, purpose, actor);
    return {
      request,
      providers: [companyProvider(round, arrival)],
      decide: () => decide(arrival, { round, actor, from: fromOf(request) }),
      finish: async (response) => {
        const location = response.headers.get("location") ?? "";
        const isRefused = arrival.failure !== undefined || /[?&]error=/.test(location);
        if (isRefused) {
          const { failure = notCompleted(), redeemed } = arrival;
          const came = redeemed && { claims: redeemed.claims, company: round.company.name };
          return failWith(failure, { cookies: response.headers.getSetCookie(), came });
        }
        await takeBack();
        const cookies = [purposeCookie.forgotten(), keptRefusal.forgotten(), knownBrowser(slug)];
        return withCookies(response, cookies);
      },
    };
  } catch (error) {
    return failWith(error);
  }
}

/** From next-auth, and from the company. */
type Returned = { cookies?: readonly string[]; came?: Parameters<typeof refusalCookie>[1] };

/** RFC 6749 §4.1.2.1 */
function requireCode(params: URLSearchParams): void {
  const error = params.get("error");
  if (error === null) return;
  if (error === "access_denied") throw refusedBy("company.cancelled", "access_denied");
  throw new OpenIdFailure("refused", `${error} ${params.get("error_description") ?? ""}`);
}

/** next-auth gives no reason: cookies missing, too old, or of another attempt. */
function notCompleted() {
  return refusedBy("company.not_completed", "conflict");
}

function fromOf({ headers }: NextRequest) {
  return { address: networkAddress(headers), userAgent: headers.get("user-agent") ?? undefined };
}

type Deciding = { round: Round; actor: Actor | null; from: ReturnType<typeof fromOf> };

async function decide(arrival: Arrival, deciding: Deciding): Promise<Decision> {
  try {
    if (!arrival.redeemed) throw notCompleted();
    return await complete(arrival.redeemed, deciding);
  } catch (error) {
    arrival.failure = error;
    return null;
  }
}

async function complete(redeemed: Redeemed, deciding: Deciding): Promise<Decision> {
  const { round, actor, from } = deciding;
  const { company, purpose } = round;
  switch (purpose.for) {
    case "sign_in":
      return { sessionId: await signInAtCompany(company, redeemed, from) };
    case "invitation": {
      const { tokenHash } = purpose;
      return { sessionId: await joinAtCompany(company, redeemed, { ...from, tokenHash }) };
    }
    case "test":
      await keepTest(required(actor), company, redeemed);
      return { location: pageFor(`/settings/sign-in/${company.id}`) };
    case "link":
      await linkAtCompany(required(actor), company, redeemed);
      return { location: pageFor("/profile?linked=true") };
    case "proof":
      await proveAtCompany(required(actor), { company, redeemed, askedAt: purpose.askedAt });
      return { location: pageFor("/confirm?done") };
    default:
      throw new Error(`Unhandled purpose ${purpose satisfies never}`);
  }
}

/** `openRound` asked for an actor. */
function required(actor: Actor | null): Actor {
  if (!actor) throw notCompleted();
  return actor;
}

function pageFor(path: string): string {
  return new URL(path, env().url).href;
}

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
        return withCookies(response, [
          await purposeCookie.header(purpose),
          keptRefusal.forgotten(),
        ]);
      },
    };
  } catch (error) {
    const url = await pageOfFailure({ error, slug, purpose, actor });
    return withCookies(Response.json({ url }), [keptRefusal.forgotten()]);
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
