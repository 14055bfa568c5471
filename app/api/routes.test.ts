import { NextRequest } from "next/server";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { beat } from "@/lib/installation/keepers/store";
import { db, pool } from "@/lib/kernel/db";
import { openStreams } from "@/lib/kernel/events/stream-places";
import type { KeyPermission } from "@/lib/programs/schema";
import { administrator } from "@/lib/testing/actors";
import { keyFor, problem } from "@/lib/testing/api";
import { closeBrowser, openBrowser } from "@/lib/testing/browser";
import { jar } from "@/lib/testing/browser-cookies";
import { breakDatabase } from "@/lib/testing/database";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, walk, withAccount } from "@/lib/testing/sign-in";
import { GET, POST } from "./[...path]/route";
import { GET as callback } from "./cloudProviders/oauth2/[service]/callback/route";

const sandbox = withInstallation();
const ORIGIN = "http://localhost:3000";
const MISSING = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const ada = administrator();
const account = withAccount(ada, sandbox);
beforeEach(closeBrowser);

type Init = { method?: string; headers?: Record<string, string> };
const request = (path: string, init: Init = {}) => new NextRequest(`${ORIGIN}${path}`, init);
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

const keyWith = (...permissions: KeyPermission[]) => keyFor(permissions);

const getToken = (init: Init, emailAccountId = account.emailAccountId) =>
  GET(request(`/api/emailAccounts/${emailAccountId}/accessToken`, init));
const postTest = (init: Init, emailAccountId = account.emailAccountId) => {
  const path = `/api/emailAccounts/${emailAccountId}/connectionTest`;
  return POST(request(path, { method: "POST", ...init }));
};

describe("GET accessToken", () => {
  test("hands a program the token, and refuses a browser, although an administrator may see everything", async () => {
    const response = await getToken(bearer(await keyWith("tokens:read")));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ token_type: "Bearer", username: ALICE });
    await openBrowser();
    expect(await problem(await getToken({}))).toMatchObject({ status: 403 });
  });

  test.each([
    ["no key", {}],
    ["an unknown key", bearer(`pk_${"x".repeat(43)}`)],
    ["a malformed key", bearer("%E0%A4%A")],
    ["another scheme", { headers: { authorization: "Basic YTpi" } }],
    ["nothing behind the scheme", bearer("")],
  ])("refuses %s with 401", async (_what, init) => {
    const response = await getToken(init);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await problem(response)).toMatchObject({ status: 401, title: "unauthenticated" });
  });

  test("refuses a revoked key, does not find what is no id, and says when the database is down", async () => {
    const key = bearer(await keyWith("tokens:read"));
    for (const id of ["1e3", "0x10", "-1", "..%2f", "not-an-id", MISSING])
      expect(await problem(await getToken(key, id)), id).toMatchObject({ status: 404 });
    const mend = await breakDatabase(pool());
    const response = await getToken(key).finally(mend);
    expect(await problem(response)).toMatchObject({ status: 503 });
    await db().apiKey.updateMany({ data: { revokedAt: new Date() } });
    expect(await problem(await getToken(key))).toMatchObject({ status: 401 });
  });
});

describe("POST connectionTest", () => {
  const lines = async (response: Response) =>
    (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  test("tells a program each stage and the end", async () => {
    const response = await postTest(bearer(await keyWith("accounts:test")));
    expect(response.headers.get("content-type")).toContain("application/x-ndjson");
    const told = await lines(response);
    expect(told.at(-1)).toMatchObject({ type: "finished", verdict: "ok" });
    expect(told.filter(({ type }) => type === "protocol")).toHaveLength(3);
    expect(JSON.stringify(told)).not.toMatch(/eyJ/);
  });

  test("is for our own pages alone, when a cookie says who it is", async () => {
    await openBrowser();
    const own = { headers: { origin: ORIGIN } };
    expect((await lines(await postTest(own))).at(-1)).toMatchObject({ type: "finished" });
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.test" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      {},
    ];
    for (const headers of foreign)
      expect(await problem(await postTest({ headers }))).toMatchObject({ status: 403 });
  });
});

test("GET events is a stream for administrators, and for programs that may follow it", async () => {
  const get = (init: Init = {}) => GET(request("/api/events", init));
  const followers = [await get(bearer(await keyWith("events:read")))];
  await openBrowser();
  followers.push(await get());
  for (const response of followers) {
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    await response.body?.cancel();
  }
});

describe("GET callback", () => {
  const PATH = "/api/cloudProviders/oauth2/microsoft/callback";
  const arrive = (query: string, init: Init = {}) => callback(request(`${PATH}?${query}`, init));

  async function begin() {
    const person = await openBrowser();
    const subject = { subject: "another", cloudProviderId: account.cloudProviderId } as const;
    return `${await walk(person, subject, ALICE)}`;
  }

  test("sends the browser on to a clean address, from the paths that are registered", async () => {
    const query = await begin();
    const elsewhere = request(`/api/cloudProviders/oauth2/other/callback?${query}`);
    expect((await callback(elsewhere)).status).toBe(404);
    const response = await arrive(query);
    expect(response.status).toBe(303);
    const { pathname, searchParams } = new URL(response.headers.get("location") ?? "");
    expect(pathname).toBe(`/settings/cloud-providers/${account.cloudProviderId}`);
    expect([...searchParams.keys()]).toEqual(["authorization"]);
  });

  test.each([
    ["HEAD", { method: "HEAD" }],
    ["a prefetch of today", { headers: { "sec-purpose": "prefetch;prerender" } }],
  ])("redeems nothing for %s", async (_what, init) => {
    const query = await begin();
    const before = tokenRequests(sandbox(), "authorization_code");
    expect((await arrive(query, init)).status).toBe(405);
    expect(tokenRequests(sandbox(), "authorization_code")).toBe(before);
    expect((await arrive(query)).status).toBe(303);
  });

  test("shows whoever has no part in it a page without anything of the answer", async () => {
    const query = await begin();
    for (const name of jar.keys()) jar.set(name, "eyJhbGciOiJub25lIn0.e30.");
    const nobody = await arrive(`${query}&error_description=<script>alert(1)</script>`);
    expect(nobody.status).toBe(401);
    await openBrowser("Eve");
    const other = await arrive(query);
    expect(other.status).toBe(403);
    for (const response of [nobody, other]) {
      const html = await response.text();
      expect(html).not.toContain("alert(1)");
      expect(html).not.toContain(new URLSearchParams(query).get("code"));
    }
  });

  test("offers the same answer again when the database was down", async () => {
    const query = await begin();
    const mend = await breakDatabase(pool());
    const response = await arrive(query).finally(mend);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('href=""');
    expect((await arrive(query)).status).toBe(303);
  });
});

describe("GET auditEvents", () => {
  const get = (query: string) => GET(request(`/api/auditEvents?${query}`));

  test("is a file for administrators", async () => {
    await openBrowser();
    expect(await problem(await get("format=xls"))).toMatchObject({ status: 422 });
    const response = await get("format=csv&kind=cloud_provider");
    const disposition = response.headers.get("content-disposition");
    expect(disposition).toMatch(/attachment; filename="postkey-audit-.*csv"/);
    const [head, first] = (await response.text()).split("\r\n");
    expect(head).toMatch(/^"id","at","actorKind"/);
    expect(first).toContain("cloud_provider.create");
  });

  test("is broken off when the server stops, and leaves nothing open", async () => {
    await openBrowser();
    const response = await get("format=jsonl");
    expect(openStreams().size).toBe(1);
    for (const close of openStreams()) close();
    await expect(response.text()).rejects.toThrow("stops");
    openStreams().clear();
    await (await get("format=jsonl")).text();
    expect(openStreams().size).toBe(0);
  });
});

describe("GET errors", () => {
  const one = (remedyId: string, init: Init = {}) => GET(request(`/api/errors/${remedyId}`, init));

  test("finds entries by what a server said, for everybody who was authenticated", async () => {
    const key = bearer(await keyWith("tokens:read"));
    const list = async (query: string) => (await GET(request(`/api/errors?${query}`, key))).json();
    const search = "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant.";
    expect(await list(`${new URLSearchParams({ search })}`)).toMatchObject({
      rows: [{ id: "smtp.auth_disabled_tenant" }],
    });
    const pages = [await list("search=secret&limit=2")];
    for (let next = pages[0].next; next; next = pages.at(-1).next)
      pages.push(await list(`search=secret&limit=2&after=${next}`));
    const ids = pages.flatMap(({ rows }) => rows.map(({ id }: { id: string }) => id));
    expect([ids.length, new Set(ids).size]).toEqual(Array(2).fill(pages[0].total.count));
    expect(ids.length).toBeGreaterThan(4);
    const back = await list(`search=secret&limit=2&before=${pages.at(-1).previous}`);
    expect(back.rows).toEqual(pages.at(-2).rows);
    expect(await list("search=secret&after=x")).toMatchObject({ status: 422 });
    await openBrowser();
    expect((await one("AADSTS7000222")).status).toBe(200);
    for (const id of ["no.such.entry", "__proto__", "AADSTS1%0a"])
      expect(await problem(await one(id)), id).toMatchObject({ status: 404 });
  });
});

describe("GET health", () => {
  const get = (init: Init = {}) => GET(request("/api/health", init));

  test("tells a load balancer whether the database answers, and nothing else", async () => {
    closeBrowser();
    expect(await (await get()).json()).toEqual({ status: "ok" });
    const mend = await breakDatabase(pool());
    const response = await get().finally(mend);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: "unavailable" });
  });

  test("tells the supervisor of this start, and no other, that its own web answers", async () => {
    vi.stubEnv("POSTKEY_START_ID", "this-start");
    const answered = async (id: string) =>
      (await get({ headers: { "x-postkey-start": id } })).headers.get("x-postkey-start");
    expect(await answered("this-start")).toBe("this-start");
    expect(await answered("another-start")).toBeNull();
    expect((await get()).headers.has("x-postkey-start")).toBe(false);
    vi.unstubAllEnvs();
    expect(await answered("undefined")).toBeNull();
  });

  test("tells administrators and programs how each part is", async () => {
    const key = await keyWith("accounts:read");
    const silent = { status: "degraded", keeper: { status: "not_running", running: 0 } };
    expect(await (await get(bearer(key))).json()).toMatchObject(silent);
    await beat("keeper-1");
    await openBrowser();
    expect(await (await get()).json()).toEqual({
      status: "ok",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      identityPlatforms: { status: "ok", pauses: [] },
      web: { status: "ok" },
      keeper: { status: "ok", running: 1, lastBeatAt: expect.any(String) },
      gateway: { status: "not_needed", running: 0, lastSeenAt: null, gateways: [] },
      database: { status: "ok", latencyMs: expect.any(Number) },
    });
  });

  test("tells nobody else, and refuses a key that is none", async () => {
    expect(await problem(await get(bearer("pk_nothing-that-was-ever-made")))).toMatchObject({
      status: 401,
    });
    jar.set("postkey.session", "eyJhbGciOiJub25lIn0.e30.");
    expect(await (await get()).json()).toEqual({ status: "ok" });
  });
});
