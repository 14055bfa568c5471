import { ADMINISTRATOR } from "./installation";

/** Signs the administrator in as the page does, and returns the `Cookie` header of the session. */
export async function signIn(url: string): Promise<string> {
  const first = await fetch(new URL("/api/auth/csrf", url));
  const { csrfToken } = (await first.json()) as { csrfToken: string };
  const response = await fetch(new URL("/api/auth/callback/credentials", url), {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookiesOf(first) },
    body: new URLSearchParams({ ...ADMINISTRATOR, csrfToken, json: "true" }),
  });
  const session = cookiesOf(response)
    .split("; ")
    .find((cookie) => cookie.startsWith("postkey.session="));
  if (!session) throw new Error(`The administrator could not sign in (${response.status}).`);
  return session;
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}
