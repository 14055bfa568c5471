import { cookiesOf, takeForm } from "../session";

type Visit = { url: string; fields: Record<string, string>; cookie?: string };

/** Signs in as the page does: asks for the token of the form, and sends it. @throws Error when it is refused */
export async function signInBy(
  provider: "credentials" | "passkey",
  { url, fields, cookie }: Visit,
): Promise<void> {
  const form = await takeForm({ url });
  const response = await post(`${url}/api/auth/callback/${provider}`, {
    cookie: [form.cookie, cookie].filter(Boolean).join("; "),
    fields: { ...fields, csrfToken: form.csrfToken },
  });
  await response.text();
  requireSession(response, provider);
}

/** A browser that leaves for a company, and comes back from there. */
export async function startAtCompany(url: string, slug: string) {
  const form = await takeForm({ url });
  const { cookie, csrfToken } = form;
  const response = await post(`${url}/api/auth/signin/${slug}`, { cookie, fields: { csrfToken } });
  const { url: away } = (await response.json()) as { url: string };
  const cookies = [cookie, ...cookiesOf(response)].join("; ");
  return {
    away,
    /** @throws Error when it is refused */
    async finish(back: URL): Promise<void> {
      const reply = await fetch(back, { redirect: "manual", headers: { cookie: cookies } });
      await reply.text();
      requireSession(reply, slug);
    },
  };
}

function post(
  url: string,
  { cookie, fields }: { cookie: string; fields: Record<string, string> },
): Promise<Response> {
  const body = new URLSearchParams({ ...fields, json: "true" });
  return fetch(url, { method: "POST", redirect: "manual", headers: { cookie }, body });
}

function requireSession(response: Response, way: string): void {
  const isIn = cookiesOf(response).some((each) => /^postkey\.session=./.test(each));
  if (!isIn)
    throw new Error(
      `The sign-in by ${way} failed (${response.status} ${response.headers.get("location")}).`,
    );
}
