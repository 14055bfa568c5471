import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGuardedServer } from "./guarded-server";

const OWN = "https://postkey.contoso.test";
const OPTIONS = { ownOrigin: OWN };
let server: Server;
/** As Next.js sees them, which compares the Origin of an action with them. */
let hosts: unknown[] = [];

beforeAll(async () => {
  server = createGuardedServer(async ({ headers }, response) => {
    hosts = [headers.host, headers["x-forwarded-host"]];
    response.end("handled");
  }, OPTIONS);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.closeAllConnections());

type Headers = Record<string, string>;

async function ask(path: string, headers: Headers, { method = "POST", body = "[]" } = {}) {
  const { port } = server.address() as AddressInfo;
  const request = httpRequest({ port, path, method, headers });
  request.end(method === "POST" ? body : undefined);
  const [response]: IncomingMessage[] = await once(request, "response");
  if (!response) throw new Error("There was no answer.");
  return { status: response.statusCode, body: await text(response) };
}

const action = { "next-action": "a".repeat(42), "content-type": "text/plain" };

const PATHS = ["/", "/settings/administrators", "/api/auth/callback/credentials"];

test.each<[string, Headers]>([
  ["another site", { origin: "https://evil.test" }],
  [
    "another site that names itself as the host",
    { origin: "https://evil.test", host: "evil.test", "x-forwarded-host": "evil.test" },
  ],
  ["a page without an origin of its own", { origin: "null" }],
  ["the same host without TLS", { origin: "http://postkey.contoso.test" }],
  ["a browser that says only that it is another site", { "sec-fetch-site": "cross-site" }],
  ["a neighbouring host", { "sec-fetch-site": "same-site" }],
])("nothing is taken from %s", async (_what, headers) => {
  for (const path of PATHS) {
    const refused = await ask(path, { ...action, ...headers });
    expect(refused.status, path).toBe(403);
    expect(JSON.parse(refused.body)).toMatchObject({ detail: expect.stringContaining(OWN) });
  }
});

test.each<[string, Headers]>([
  ["its own pages", { origin: OWN, "sec-fetch-site": "same-origin" }],
  ["its own pages behind a proxy that names another host", { origin: OWN, host: "10.0.0.1" }],
  ["programs, which are no browsers", {}],
  ["an address that was typed", { "sec-fetch-site": "none" }],
])("what %s send is taken", async (_what, headers) => {
  for (const path of PATHS) {
    const answer = await ask(path, { ...action, ...headers });
    expect(answer, path).toEqual({ status: 200, body: "handled" });
    expect(hosts).toEqual([new URL(OWN).host, undefined]);
  }
});

test("pages are read from anywhere, as by a link", async () => {
  const from = { origin: "https://evil.test", "sec-fetch-site": "cross-site" };
  for (const path of PATHS)
    expect(await ask(path, from, { method: "GET" })).toMatchObject({ status: 200 });
});

test("the API judges by itself, because keys come from anywhere", async () => {
  expect(await ask("/api/emailAccounts", { origin: "https://evil.test" })).toMatchObject({
    status: 200,
  });
});

test("a sign-in that is refused says why where next-auth's client looks", async () => {
  const { body } = await ask("/api/auth/callback/credentials", { origin: "http://127.0.0.1:3000" });
  const { url } = JSON.parse(body);
  expect(new URL(url).searchParams.get("error")).toMatch(`Open Postkey at ${OWN}.`);
});
