import { request } from "node:https";
import { env } from "@/lib/kernel/env";

/** A browser at the company, from the address that it was sent to until it is sent back. */
export async function walkCompany(url: string, cookies = new Map<string, string>()): Promise<URL> {
  let at = new URL(url);
  const { host } = at;
  for (let steps = 0; steps < 10; steps += 1) {
    const { status, headers, body } = await get(at, cookies);
    for (const each of headers["set-cookie"] ?? []) {
      const [pair = ""] = each.split(";");
      const [name = "", ...value] = pair.split("=");
      cookies.set(name, value.join("="));
    }
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

function get(url: URL, cookies: ReadonlyMap<string, string>): Promise<Got> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return new Promise((done, fail) => {
    const { extraCaPem: ca } = env();
    const options = { headers: { cookie }, ...(ca && { ca }) };
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
      .end();
  });
}
