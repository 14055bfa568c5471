import { SECOND_MS } from "@/lib/kernel/clock";
import { ADMINISTRATOR } from "./bench";

/** @throws Error unless the status is 200 */
export async function fetchText(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, init);
  const body = await response.text();
  if (response.status !== 200)
    throw new Error(`${url} answered ${response.status}: ${body.slice(0, 300)}`);
  return body;
}

/** A browser that signs in. */
export type Visitor = {
  url: string;
  /** Where it is, by the word of a proxy. */
  address?: string;
  cookies?: string[];
};

/** Next-auth's token, and the cookies with the one that it belongs to. */
type Form = { csrfToken: string; cookie: string };

/** What the page asks for before it sends a form. */
export async function takeForm({ url, address, cookies = [] }: Visitor): Promise<Form> {
  const response = await fetch(`${url}/api/auth/csrf`, { headers: seenFrom(address) });
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  return { csrfToken, cookie: [...cookiesOf(response), ...cookies].join("; ") };
}

type Fields = Record<string, string>;

/** @param way such as `callback/credentials` */
export function sendForm(
  { url, address }: Visitor,
  { way, form, fields }: { way: string; form: Form; fields: Fields },
): Promise<Response> {
  return fetch(`${url}/api/auth/${way}`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: form.cookie, ...seenFrom(address) },
    body: new URLSearchParams({ ...fields, csrfToken: form.csrfToken, json: "true" }),
  });
}

/** Takes and sends a form, and reads the answer. */
export async function signInBy(visitor: Visitor, way: string, fields: Fields) {
  const form = await takeForm(visitor);
  const response = await sendForm(visitor, { way, form, fields });
  await response.text();
  return answerOf(response);
}

export function answerOf(response: Response) {
  const kept = (name: string) =>
    cookiesOf(response).find((each) => each.startsWith(`${name}=`) && each !== `${name}=`);
  return {
    status: response.status,
    retryAfterMs: Number(response.headers.get("retry-after") ?? 0) * SECOND_MS,
    session: kept("postkey.session"),
    /** Says that someone signed in here before. */
    browser: kept("postkey.browser"),
  };
}

/** @returns the `Cookie` header of the administrator's session */
export async function signIn(url: string): Promise<string> {
  const { status, session } = await signInBy({ url }, "callback/credentials", ADMINISTRATOR);
  if (!session) throw new Error(`The administrator could not sign in (${status}).`);
  return session;
}

/** As the proxy in front of an installation says it. */
function seenFrom(address: string | undefined): Fields {
  return address === undefined ? {} : { "x-forwarded-for": address };
}

/** As a browser sends them back. */
export function cookiesOf(response: Response): string[] {
  return response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
}
