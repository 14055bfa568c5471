import "server-only";
import { requireTurn } from "@/lib/access/administrators/sign-in";
import { env } from "@/lib/kernel/env";
import { AppError, httpStatus } from "@/lib/kernel/errors";
import { networkAddress } from "./client-address";
import { readDeviceCookie } from "./device-cookie";

/**
 * Answers a sign-in that would have to wait anyway, as next-auth would, but for a tenth of its cost: an attack
 * is mostly such requests. They prove nothing and learn nothing, so that no token of the form is asked for.
 *
 * @returns null for everything else, whose body is still to be read
 */
export async function turnAway(request: Request): Promise<Response | null> {
  if (request.method !== "POST" || !request.url.includes("/callback/credentials")) return null;
  const email = await emailOf(request.clone());
  if (email === undefined) return Response.json({ error: "invalid_request" }, { status: 400 });
  if (email === null) return null;
  const from = { address: networkAddress(request.headers), device: await readDeviceCookie() };
  try {
    requireTurn(email, from);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refusal(error);
  }
}

/** The form's own, or the same as JSON: next-auth reads both. @returns undefined for JSON that is none */
async function emailOf(request: Request): Promise<string | null | undefined> {
  const body = await request.text();
  if (!request.headers.get("content-type")?.includes("json"))
    return new URLSearchParams(body).get("email");
  try {
    const { email } = Object(JSON.parse(body));
    return typeof email === "string" ? email : null;
  } catch {
    return undefined;
  }
}

/** The client of next-auth reads the message in the address of the error page. */
function refusal({ code, message, retryAfterSeconds = 1 }: AppError): Response {
  const url = new URL("/api/auth/error", env().url);
  url.searchParams.set("error", message);
  const headers = { "retry-after": `${retryAfterSeconds}` };
  return Response.json({ url: url.href }, { status: httpStatus(code), headers });
}
