import { request } from "node:https";
import { env } from "@/lib/kernel/env";

/**
 * A browser that signs out at the company: it asks whether that is wished, and a person says yes.
 * @returns where they are sent back to
 */
export async function walkSignOut(url: string, cookies: Map<string, string>): Promise<URL> {
  const { body } = await visit(new URL(url), cookies);
  const action = /<form[^>]* action="([^"]+)"/.exec(body)?.[1] ?? "";
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(body)?.[1] ?? "";
  const form = new URLSearchParams({ xsrf, logout: "yes" }).toString();
  const { headers } = await visit(new URL(action, url), cookies, form);
  return new URL(headers.location ?? "about:blank", url);
}

/** A browser at the company, from the address that it was sent to until it is sent back. */
export async function walkCompany(url: string, cookies = new Map<string, string>()): Promise<URL> {
  let at = new URL(url);
  const { host } = at;
  for (let steps = 0; steps < 10; steps += 1) {
    const { status, headers, body } = await visit(at, cookies);
    if (!headers.location)
      throw new Error(`The company stopped (${status}): ${body.slice(0, 300)}`);
    at = new URL(headers.location, at);
    if (at.host !== host) return at;
  }
  throw new Error("The company sends the browser in a circle.");
}

type Got = {
  status: number;
  headers: { location?: string; "set-cookie"?: string[] };
  body: string;
};

/** One request, with the cookies that it leaves behind. @param form what is posted; nothing is got */
async function visit(url: URL, cookies: Map<string, string>, form?: string): Promise<Got> {
  const got = await send(url, cookies, form);
  for (const each of got.headers["set-cookie"] ?? []) {
    const [pair = ""] = each.split(";");
    const [name = "", ...value] = pair.split("=");
    cookies.set(name, value.join("="));
  }
  return got;
}

function send(url: URL, cookies: ReadonlyMap<string, string>, form?: string): Promise<Got> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return new Promise((done, fail) => {
    const { extraCaPem: ca } = env();
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const options = {
      ...(form !== undefined && { method: "POST" }),
      headers: { cookie, ...(form !== undefined && type) },
      ...(ca && { ca }),
    };
    request(url, options, (reply) => {
      let body = "";
      reply.on("data", (chunk) => (body += chunk));
      reply.on("end", () => {
        const { location, "set-cookie": set } = reply.headers;
        const headers = { ...(location && { location }), ...(set && { "set-cookie": set }) };
        done({ status: reply.statusCode ?? 0, headers, body });
      });
    })
      .on("error", fail)
      .end(form);
  });
}
