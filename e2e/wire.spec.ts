import { expect, installation, signIn, test } from "./installation";

const CALLBACK = "/api/cloudProviders/oauth2/microsoft/callback";
const STRANGER_ID = "00000000-0000-4000-8000-000000000000";
const TEST_PATH = `/api/emailAccounts/${STRANGER_ID}/connectionTest`;
const TOKEN_PATH = `/api/emailAccounts/${STRANGER_ID}/accessToken`;

test("every page carries a nonce, and the headers that keep it to itself", async ({ request }) => {
  const response = await request.get("/sign-in");
  const headers = response.headers();
  const policy = headers["content-security-policy"] ?? "";
  const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? [];
  expect(nonce).toBeTruthy();
  expect(await response.text()).toContain(`nonce="${nonce}"`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain(`style-src 'self' 'nonce-${nonce}';`);
  expect(headers["strict-transport-security"], "over http").toBeUndefined();
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["referrer-policy"]).toBe("same-origin");
  expect(headers["x-powered-by"]).toBeUndefined();
});

test("a style that somebody slips in is refused; those of dialogs bear the nonce, after news too", async ({
  page,
  complaints,
}) => {
  await signIn(page);
  await page.goto("/settings/api-keys");
  for (const name of ["First", "Second"]) {
    await page.getByRole("button", { name: "New API key" }).click();
    const dialog = page.getByRole("dialog");
    await expect(page.locator("body")).toHaveCSS("overflow", "hidden");
    await dialog.getByLabel("Name").fill(`Style ${name}`);
    await dialog.getByLabel("Read contacts").check();
    await dialog.getByRole("button", { name: "Create key" }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    await expect(page.getByRole("row", { name: `Style ${name}` })).toBeVisible();
  }
  expect(complaints).toEqual([]);
  await page.evaluate(() => {
    const style = document.createElement("style");
    style.textContent = "body { visibility: hidden }";
    document.head.append(style);
  });
  await expect(page.locator("body")).toHaveCSS("visibility", "visible");
  expect(complaints.splice(0).join()).toContain("Content Security Policy");
});

test("nobody gets anything without a session or a key, whatever the proxy would let through", async ({
  playwright,
}) => {
  const api = await playwright.request.newContext({ baseURL: installation.url });
  for (const path of [TOKEN_PATH, "/api/events"]) {
    expect((await api.get(path)).status(), path).toBe(401);
    const forged = { authorization: "Bearer %E0%A4%A" };
    expect((await api.get(path, { headers: forged })).status(), `${path} malformed`).toBe(401);
    const skipped = { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" };
    expect((await api.get(path, { headers: skipped })).status(), `${path} bypass`).toBe(401);
  }
  for (const path of ["/", "/email/accounts", "/settings/cloud-providers", "/settings/api-keys"]) {
    const page = await api.get(path, {
      maxRedirects: 0,
      headers: { cookie: "postkey.session=forged", "x-middleware-subrequest": "proxy" },
    });
    expect(page.status(), path).toBeGreaterThanOrEqual(300);
    expect(page.headers().location ?? "", path).toContain("/sign-in");
  }
  await api.dispose();
});

test("a request from another site changes nothing, cookie or not", async ({ page }) => {
  await signIn(page);
  for (const origin of ["https://evil.example", "null"]) {
    const response = await page.request.post(TEST_PATH, { headers: { origin } });
    expect(response.status(), origin).toBe(403);
  }
  const bare = await page.request.post(TEST_PATH, { headers: { "sec-fetch-site": "cross-site" } });
  expect(bare.status()).toBe(403);
  const own = await page.request.post(TEST_PATH, { headers: { origin: installation.url } });
  expect(own.status()).toBe(404);
});

test("a browser session is never handed an access token", async ({ page }) => {
  await signIn(page);
  expect((await page.request.get(TOKEN_PATH)).status()).toBe(403);
});

const BAD_ANSWERS = [
  "",
  "?state=",
  "?code=abc",
  "?state=unknown&code=abc",
  `?state=${"x".repeat(5_000)}&code=abc`,
  "?state=a&state=b&code=c",
  "?state[]=a&code=c",
  `?state=a&code=${"c".repeat(10_000)}`,
  "?state=a&code=c&code=d",
  "?state=a&error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E",
  "?error=server_error",
];

for (const query of BAD_ANSWERS)
  test(`the callback refuses ${query.slice(0, 40) || "an empty answer"} and asks nobody for a token`, async ({
    page,
  }) => {
    await signIn(page);
    const before = await tokenRequests();
    const response = await page.request.get(`${CALLBACK}${query}`, { maxRedirects: 0 });
    expect(response.status()).toBe(400);
    expect(await response.text()).not.toContain("<script");
    expect(response.headers()["referrer-policy"]).toContain("no-referrer");
    expect(await tokenRequests()).toBe(before);
  });

test("the callback answers to a navigation only, not to HEAD, POST or a prefetch", async ({
  page,
}) => {
  await signIn(page);
  expect((await page.request.head(`${CALLBACK}?state=a&code=b`)).status()).toBe(405);
  expect((await page.request.post(`${CALLBACK}?state=a&code=b`)).status()).toBe(405);
  const headers = { purpose: "prefetch" };
  expect((await page.request.get(`${CALLBACK}?state=a&code=b`, { headers })).status()).toBe(405);
});

test("ids that are none, and lists with impossible parameters, are answered without a fault", async ({
  page,
}) => {
  await signIn(page);
  for (const id of ["1e3", "0x10", "-1", "..%2f..%2fetc", "undefined"]) {
    const response = await page.request.get(`/settings/cloud-providers/${id}`);
    expect(response.status(), id).toBe(404);
  }
  const queries = [
    "limit=-1&sort=password&direction=up",
    "search=%00",
    "search='%20OR%201=1",
    "search=%25%5C_",
    `search=${"x".repeat(10_000)}`,
    "after=garbage",
    "after[$gt]=1&search[]=a",
  ];
  for (const query of queries) {
    const response = await page.request.get(`/email/accounts?${query}`);
    expect(response.status(), query.slice(0, 40)).toBe(200);
  }
});

test("headers of 8 KiB are read, and longer ones are refused without a fault", async ({ page }) => {
  await signIn(page);
  const send = (bytes: number) =>
    page.request.get("/email/accounts", { headers: { "x-padding": "x".repeat(bytes) } });
  expect((await send(8 * 1024)).status()).toBe(200);
  expect((await send(32 * 1024)).status()).toBe(431);
});

async function tokenRequests(): Promise<number> {
  const response = await fetch(new URL("/requests", installation.controlUrl));
  const text = JSON.stringify(await response.json());
  return [...text.matchAll(/"what":"authorization_code"/g)].length;
}
