import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

describe("a body that no action could read", () => {
  const XYZ = "multipart/form-data; boundary=xyz";
  const send = async (body: string, headers: Headers = action) =>
    (await ask("/", headers, { body })).status;
  const form = (body: string, type = XYZ) => send(body, { ...action, "content-type": type });
  const withoutScript = (body: string) => send(body, { "content-type": XYZ });
  const field = (name: string, value: string) =>
    `--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const end = "--xyz--\r\n";
  const args = field("0", "[]");
  const withHeader = (header: string) => args.replace("\r\n\r\n", `\r\n${header}\r\n\r\n`) + end;

  test.each([
    ...["", "[", "{}", '"x"', JSON.stringify([`$n${"9".repeat(999)}`]), '["$F1"]', '["$1"]'],
    ...['["$h1"]', '["$B1"]', '["$@1"]', '["$K1"]', '[{"name":{"then":"$1:x"}}]', '["$"]'],
    ...['["$0:__proto__:x"]', '["$0"]', '["$0:0:constructor:constructor",{}]', '["$undefined2"]'],
  ])("is refused as %j", async (body) => {
    expect(await send(body)).toBe(400);
  });

  test.each([
    "multipart/form-data; xboundary=xyz; boundary=bad",
    "multipart/form-data; boundary=xyz; boundary=bad",
    "multipart/form-data-x; boundary=xyz",
    'multipart/form-data; a="boundary=xyz"; boundary=bad',
    "multipart/form-data",
    "application/x-www-form-urlencoded",
  ])("is refused as a form of the type %s", async (type) => {
    const body = `--bad\r\nContent-Disposition: form-data; name="0"\r\n\r\n["$F1"]\r\n--bad--\r\n`;
    expect(await form(body + field("0", '["a"]') + end, type)).toBe(400);
  });

  test.each([
    ["no form", "x"],
    ["a form that is cut", args],
    ["a reference", field("0", '["$F1"]') + end],
    ["no arguments", field("_1_x", "y") + end],
    ["a bound action", args + field("$ACTION_REF_1", "") + end],
    ["another action", args + field("$ACTION_ID_00", "") + end],
    ["a prototype", args + field("__proto__", "x") + end],
    ["its arguments twice", field("0", '["$F1"]') + field("0", '["a"]') + end],
    ["its arguments in a file", field('0"; filename="f', "[]") + end],
    ["a field with two names", args + field('_1_x"; name="1', "y") + end],
    ["a name in another notation", args + field(`_1_x"; name*="UTF-8''0`, "y") + end],
    ["a part without a name", `${args}--xyz\r\n\r\nx\r\n${end}`],
    ["a part in another alphabet", withHeader("Content-Type: text/plain; charset=utf-7")],
    ["a header of its own", withHeader(`X: ${"y".repeat(60_000)}`)],
    ["NUL in a name", field("_1_\0", "x") + field("0", '["$K1"]') + end],
  ])("is refused as a form with %s", async (_what, body) => {
    expect(await form(body)).toBe(400);
  });

  test("is refused as a form without JavaScript that names no action, or another beside it", async () => {
    const named = field(`$ACTION_ID_${"a".repeat(42)}`, "");
    expect(await withoutScript(named + end)).toBe(200);
    for (const wrong of [
      field("0", '["$1:__proto__:x"]'),
      field("name", "x"),
      named + field("$ACTION_REF_1", ""),
      field(`$ACTION_ID_${"a".repeat(42)}`, "x"),
      named + field("x", "x"),
    ])
      expect(await withoutScript(wrong + end)).toBe(400);
  });

  test.each([
    '[{"id":"x"},"$undefined"]',
    '["$$5",{"at":"$D2026-11-28T08:00:00.000Z","n":"$n12","none":"$undefined","x":["$NaN","$-0"]}]',
    '[{"imap":{"host":"a"},"smtp":"$0:0:imap"}]',
  ])("is none that a page sends: %s", async (body) => {
    expect(await send(body)).toBe(200);
    expect(await form(field("_1_name", "Ada") + field("0", body) + end)).toBe(200);
  });
});
