import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { APIRequestContext, APIResponse, Page } from "@playwright/test";
import { z } from "zod";
import { addAccount, addProvider, expect, installation, signIn, test } from "./installation";

/** What exists, as the build says it: a page or route that is new is asked as well. */
const paths = Object.keys(
  readManifest("app-paths-manifest.json", z.record(z.string(), z.string())),
);
const { node: actions } = readManifest(
  "server-reference-manifest.json",
  z.object({
    node: z.record(
      z.string(),
      z.object({ exportedName: z.string(), workers: z.record(z.string(), z.unknown()) }),
    ),
  }),
);

function readManifest<S extends z.ZodType>(name: string, schema: S): z.output<S> {
  return schema.parse(JSON.parse(readFileSync(`.next/server/${name}`, "utf8")));
}

/** A worker that starts again after a failure makes its own. */
const mark = randomBytes(2).toString("hex");
const PROVIDER = `Canary provider ${mark}`;
const ACCOUNT = `Canary mailbox ${mark}`;
const ADDRESS = "bob@contoso.test";

/** For people who are not signed in: they show nothing of the installation. */
const PUBLIC_PAGES = [
  ...["/sign-in", "/setup", "/reset", "/connect", "/connect/done"],
  ...["/_not-found", "/_global-error"],
];
const PUBLIC_ROUTES: Record<string, number[]> = {
  "/api/auth/[...nextauth]": [200, 302, 400, 404],
  "/api/calendar/[token]": [404],
  // Only a token that the company signed ends anything.
  "/api/company/[slug]/logout": [400, 405],
  "/api/health": [200, 401],
  // Of no operation.
  "/api/[...path]": [404],
  // Shows the person a page that says that he is not signed in.
  "/api/cloudProviders/oauth2/[service]/callback": [400, 401, 403],
};
/** signOutAction ends the caller's session; the two others come before the sign-in. */
const PUBLIC_ACTIONS = [
  "signOutAction",
  "setUpAction",
  "findInvitationAction",
  "signInAction",
  "findPasswordLinkAction",
  "choosePasswordAction",
  "beginPasskeySignInAction",
  "showLinkAction",
  "beginByLinkAction",
  "beginAgainAction",
];

const pages = paths.filter((path) => path.endsWith("/page")).map(toUrlPath);
const routes = [
  ...paths.filter((path) => path.endsWith("/route")).map(toUrlPath),
  ...addressesOfApi(),
];

/** One route of the build answers for all of them: the addresses are in the operations. */
function addressesOfApi(): string[] {
  const folder = "lib/http/api/operations";
  const found = readdirSync(folder).flatMap((file) =>
    [...readFileSync(`${folder}/${file}`, "utf8").matchAll(/path: "(\/api\/[^"]+)"/g)].map(
      ([, path = ""]) => path.replaceAll(/\{(\w+)\}/g, "[$1]"),
    ),
  );
  expect(found.length).toBeGreaterThan(30);
  return [...new Set(found), "/api/openapi.json"];
}

function toUrlPath(path: string): string {
  return path.replace(/\/(page|route)$/, "").replaceAll(/\/\([^)]+\)/g, "") || "/";
}

const guardedActions = Object.entries(actions).filter(
  ([, { exportedName }]) => !PUBLIC_ACTIONS.includes(exportedName),
);

type Ids = { cloudProviderId: string; emailAccountId: string };

/** The address of an object that exists, or of none where there is none of its kind. */
function withIds(path: string, ids: Ids): string {
  const known: Record<string, string> = { ...ids, remedyId: "AADSTS7000222", service: "google" };
  return path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_, name) => known[name] ?? name.repeat(4));
}

let ids: Ids;
let endedSession: string;

/** The ids are in the addresses of the pages. */
const lastId = (page: Page) => new URL(page.url()).pathname.split("/").at(-1) ?? "";

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ baseURL: installation.url });
  const page = await context.newPage();
  await signIn(page);
  await addProvider(page, PROVIDER);
  const cloudProviderId = lastId(page);
  await addAccount(page, { name: ACCOUNT, key: `C${mark}`, address: ADDRESS, provider: PROVIDER });
  ids = { cloudProviderId, emailAccountId: lastId(page) };
  const cookie = (await context.cookies()).find(({ name }) => name.endsWith("postkey.session"));
  endedSession = `${cookie?.name}=${cookie?.value}`;
  await page.getByRole("button", { name: /Signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  await context.close();
});

const strangers = (): [string, Record<string, string>][] => [
  ["nobody", {}],
  ["a forged cookie", { cookie: "postkey.session=forged" }],
  ["a session that was ended", { cookie: endedSession }],
  ["a key that is none", { authorization: `Bearer pk_${"x".repeat(43)}` }],
  ["a malformed key", { authorization: "Bearer %E0%A4%A" }],
  ["a header that once skipped the proxy", { "x-middleware-subrequest": "proxy:proxy:proxy" }],
];

/** Each way to ask for the same page. */
const ways = (path: string): [string, Record<string, string>][] => [
  [path, {}],
  [`${path}?_rsc=1`, { rsc: "1" }],
  [`${path === "/" ? "/index" : path}.rsc`, { rsc: "1" }],
];

/** What a link's prefetch brings: the frame of a page, which is the same for everyone. */
const PREFETCHES: Record<string, string>[] = [
  { rsc: "1", "next-router-prefetch": "1" },
  { rsc: "1", "next-router-segment-prefetch": "/_tree" },
];

async function expectNothing(response: APIResponse, what: string): Promise<void> {
  const body = await response.text();
  for (const canary of [PROVIDER, ACCOUNT, ADDRESS, installation.registration.clientId])
    expect(body, `${what} shows ${canary}`).not.toContain(canary);
  expect(response.status(), what).toBeLessThan(500);
}

/** By a redirect before anything was sent, or by one inside the answer of React's router. */
async function expectSignIn(response: APIResponse, what: string): Promise<void> {
  await expectNothing(response, what);
  if (response.status() === 404 || response.url().includes("/sign-in")) return;
  expect(await response.text(), what).toContain("/sign-in");
}

for (const proxy of ["with proxy.ts", "without proxy.ts"]) {
  const baseURL = () =>
    proxy === "with proxy.ts" ? installation.url : installation.urlWithoutProxy;

  test.describe(proxy, () => {
    // They ask for each page and each route in several ways: thousands of requests.
    test.describe.configure({ timeout: 300_000 });
    let api: APIRequestContext;
    test.beforeAll(async ({ playwright }) => {
      api = await playwright.request.newContext({ baseURL: baseURL() });
    });
    test.afterAll(() => api.dispose());

    test("no page is shown to anybody who is not signed in", async () => {
      for (const path of pages.filter((each) => !PUBLIC_PAGES.includes(each)))
        for (const [who, identity] of strangers())
          for (const [way, headers] of ways(withIds(path, ids))) {
            const response = await api.get(way, { headers: { ...headers, ...identity } });
            await expectSignIn(response, `${way} ${Object.keys(headers)} for ${who}`);
          }
    });

    test("no prefetch brings anything of what is stored", async () => {
      for (const path of pages.filter((each) => !each.startsWith("/_")))
        for (const prefetch of PREFETCHES)
          await expectNothing(await api.get(withIds(path, ids), { headers: prefetch }), path);
    });

    test("no route answers anybody who is not authenticated", async () => {
      for (const path of routes)
        for (const [who, identity] of strangers())
          for (const method of ["GET", "POST", "PUT", "DELETE"]) {
            const what = `${method} ${path} for ${who}`;
            const response = await api.fetch(withIds(path, ids), { method, headers: identity });
            await expectNothing(response, what);
            const expected = PUBLIC_ROUTES[path] ?? [401, 403];
            expect([...expected, 405], what).toContain(response.status());
          }
    });

    test("nothing is taken from another site, whatever host it names", async () => {
      const [id = ""] = guardedActions[0] ?? [];
      const action = { "next-action": id, "content-type": "text/plain" };
      const evil = { origin: "https://evil.test", "x-forwarded-host": "evil.test" };
      for (const path of ["/", "/sign-in", "/api/auth/callback/credentials", "/api/auth/signout"])
        for (const from of [evil, { origin: "null" }, { "sec-fetch-site": "cross-site" }]) {
          const headers = { ...action, ...from };
          const response = await api.post(path, { headers, data: "[{}]", maxRedirects: 0 });
          expect(response.status(), `${path} from ${JSON.stringify(from)}`).toBe(403);
        }
    });

    test("an action whose body is cut is the sender's mistake", async () => {
      const [id = ""] = guardedActions[0] ?? [];
      for (const data of ["", "[", "{}", '["$F1"]', '["$1"]', '[{"name":{"then":"$1:x"}}]']) {
        const headers = { "next-action": id, "content-type": "text/plain" };
        expect((await api.post("/", { headers, data })).status(), data).toBe(400);
      }
    });

    test("next-auth shows no page of its own", async () => {
      for (const page of ["verify-request", "signout", "new-user"])
        expect((await api.get(`/api/auth/${page}`)).status(), page).toBe(404);
    });

    test("no action does anything for anybody who is not signed in", async () => {
      // Every action, by every stranger, with every input: as long as a busy machine needs.
      test.setTimeout(300_000);
      for (const [id, { exportedName, workers }] of guardedActions) {
        const path = withIds(toUrlPath(Object.keys(workers)[0]?.replace(/^app/, "") ?? "/"), ids);
        for (const [who, identity] of strangers())
          for (const input of [{}, { id: ids.cloudProviderId, version: 1 }, "x"]) {
            const response = await api.post(path, {
              headers: { ...identity, "next-action": id, "content-type": "text/plain" },
              data: JSON.stringify([input]),
              maxRedirects: 0,
            });
            const what = `${exportedName} for ${who}`;
            await expectNothing(response, what);
            const { location, "x-action-redirect": redirect = location } = response.headers();
            expect(redirect, what).toContain("/sign-in");
          }
      }
    });
  });
}

test("every page is shown to an administrator, and all that was stored is still there", async ({
  page,
}) => {
  await signIn(page);
  for (const path of pages.filter((each) => !PUBLIC_PAGES.includes(each))) {
    await page.goto(withIds(path, ids));
    const heading = page.getByRole("heading", { level: 1 });
    await expect(heading, path).toBeVisible();
    await expect(heading, path).not.toHaveText(/could not be loaded/);
  }
  await page.goto(`/settings/cloud-providers/${ids.cloudProviderId}`);
  await expect(page.getByRole("heading", { name: PROVIDER, level: 1 })).toBeVisible();
});
