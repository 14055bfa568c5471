import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { companyVisit } from "@/lib/http/auth/company";
import { authOptions } from "@/lib/http/auth/next-auth";
import {
  forgetCeremony,
  readBrowserCookie,
  readCeremony,
  rememberBrowser,
  rememberCeremony,
} from "@/lib/http/auth/own-cookies";
import { endReplacedSession } from "@/lib/http/auth/session";
import { AppError, httpStatus } from "@/lib/kernel/errors";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handler(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  const refused = refuse(request, nextauth);
  if (refused) return refused;
  const visit = await companyVisit(request, nextauth);
  if (visit instanceof Response) return visit;
  let refusal: unknown;
  const browser = {
    browser: await readBrowserCookie(),
    pending: await readCeremony("second-factor"),
    challenge: await readCeremony("passkey"),
    onSecondFactor: (token: string) => rememberCeremony("second-factor", token),
    onSignedIn: async (email: string) => {
      await rememberBrowser(email);
      await forgetCeremony("second-factor");
    },
    onBegun: endReplacedSession,
    onRefused: (error: unknown) => {
      refusal = error;
    },
  };
  const response = await answer(() =>
    NextAuth(visit.request, context, authOptions(browser, visit)),
  );
  return (await visit.finish?.(response)) ?? withStatus(response, refusal);
}

/** next-auth's other addresses are pages that Postkey does not have. */
const READ = ["providers", "csrf", "session", "signin", "callback", "error"];

/** What next-auth would answer with a server error, or log in a stranger's words. */
function refuse({ method }: NextRequest, [action = "", provider = ""]: readonly string[]) {
  if (action === "_log") return new Response(null, { status: 204 });
  if (method !== "POST" && !READ.includes(action)) return new Response(null, { status: 404 });
  const isOwn = ["credentials", "second-factor", "passkey"].includes(provider);
  return action === "callback" && isOwn && method === "GET"
    ? new Response(null, { status: 405, headers: { allow: "POST" } })
    : null;
}

/** A body that is not JSON is the sender's mistake. */
async function answer(ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return Response.json({ error: "invalid_request" }, { status: 400 });
  }
}

/** next-auth answers every refusal with 401; programs need the status and Retry-After. */
function withStatus(response: Response, refusal: unknown): Response {
  if (!(refusal instanceof AppError) || refusal.retryAfterSeconds === undefined) return response;
  const headers = new Headers(response.headers);
  headers.set("retry-after", `${refusal.retryAfterSeconds}`);
  return new Response(response.body, { status: httpStatus(refusal.code), headers });
}

export { handler as GET, handler as POST };
