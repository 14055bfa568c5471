import { SECOND_MS } from "@/lib/kernel/clock";
import { ADMINISTRATOR } from "./installation";

/** Signs the administrator in as the page does, and returns the `Cookie` header of the session. */
export async function signIn(url: string): Promise<string> {
  const { status, session } = await trySignIn({ url });
  if (!session) throw new Error(`The administrator could not sign in (${status}).`);
  return session;
}

export type Browser = {
  url: string;
  /** Where it is, by the word of a proxy. */
  address?: string | undefined;
  /** The cookie that says that someone signed in here before. */
  device?: string | undefined;
};

export type Answer = {
  status: number;
  retryAfterMs: number;
  /** Cookies, as a browser sends them back. */
  session: string | undefined;
  device: string | undefined;
};

/** Sends the form once, as the page does: it asks for the proof of where the form comes from first. */
export async function trySignIn({ url, address, device }: Browser): Promise<Answer> {
  const { csrfToken, cookie } = await takeForm({ url, address });
  const response = await fetch(new URL(SIGN_IN_PATH, url), {
    method: "POST",
    redirect: "manual",
    headers: { cookie: device ? `${cookie}; ${device}` : cookie, ...seenFrom(address) },
    body: new URLSearchParams({ ...ADMINISTRATOR, csrfToken, json: "true" }),
  });
  await response.text();
  const kept = (name: string) =>
    cookiesOf(response).find((each) => each.startsWith(`${name}=`) && each !== `${name}=`);
  return {
    status: response.status,
    retryAfterMs: Number(response.headers.get("retry-after") ?? 0) * SECOND_MS,
    session: kept("postkey.session"),
    device: kept("postkey.device"),
  };
}

export const SIGN_IN_PATH = "/api/auth/callback/credentials";

export type Form = { csrfToken: string; cookie: string };

/** What a sign-in sends besides the password: next-auth's token, and the cookie that it belongs to. */
export async function takeForm({ url, address }: Browser): Promise<Form> {
  const headers = seenFrom(address);
  const response = await fetch(new URL("/api/auth/csrf", url), { headers });
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  return { csrfToken, cookie: cookiesOf(response).join("; ") };
}

/** As the proxy in front of an installation says it. */
export function seenFrom(address: string | undefined): Record<string, string> {
  return address === undefined ? {} : { "x-forwarded-for": address };
}

/** As a browser sends them back. */
export function cookiesOf(response: Response): string[] {
  return response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
}
