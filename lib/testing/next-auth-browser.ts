import { NextRequest } from "next/server";
import { vi } from "vitest";
import { GET, POST } from "@/app/api/auth/[...nextauth]/route";
import { jar } from "./browser-cookies";

const ORIGIN = "http://localhost:3000";

/** A request of the browser to next-auth, through its route; the cookies that come back are kept. */
export async function ask(
  path: string,
  form?: Record<string, string>,
  more: Record<string, string> = {},
): Promise<Response> {
  vi.stubEnv("NEXTAUTH_URL", ORIGIN);
  const url = new URL(path, ORIGIN);
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = { cookie, "content-type": "application/x-www-form-urlencoded", ...more };
  const request = new NextRequest(url, {
    method: form ? "POST" : "GET",
    headers,
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
  const nextauth = url.pathname.split("/").slice(3);
  const reply = await (form ? POST : GET)(request, { params: Promise.resolve({ nextauth }) });
  for (const each of reply.headers.getSetCookie()) keep(each);
  return reply;
}

function keep(cookie: string): void {
  const [pair = "", ...attributes] = cookie.split("; ");
  const [name = "", ...value] = pair.split("=");
  const isOver = attributes.some((each) => /^max-age=0$/i.test(each)) || value.join("=") === "";
  if (isOver) jar.delete(name);
  else jar.set(name, decodeURIComponent(value.join("=")));
}

/** Presses the button of a company. @returns where the browser is sent */
export async function pressCompany(slug: string, form: Record<string, string> = {}): Promise<URL> {
  // As next-auth's client does, which goes nowhere with a name that is not among them.
  if (!(slug in (await (await ask("/api/auth/providers")).json())))
    throw new Error(`${slug} is no provider.`);
  const { csrfToken } = await (await ask("/api/auth/csrf")).json();
  const reply = await ask(`/api/auth/signin/${slug}`, {
    csrfToken,
    json: "true",
    callbackUrl: ORIGIN,
    ...form,
  });
  return new URL((await reply.json()).url);
}

/** Comes back from there. @returns where the browser is led */
export async function comeBack(from: URL, headers?: Record<string, string>): Promise<URL> {
  const reply = await ask(`${from.pathname}${from.search}`, undefined, headers);
  return new URL(reply.headers.get("location") ?? "about:blank", ORIGIN);
}
