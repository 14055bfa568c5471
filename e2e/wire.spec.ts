import { expect, installation, test } from "./installation";

const CALLBACK = "/api/cloudProviders/oauth2/microsoft/callback";

/** What somebody without a session gets. */
const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, installation.url), { headers, redirect: "manual" });

test("every page carries a nonce, and the headers that keep it to itself", async () => {
  const response = await ask("/sign-in");
  const { headers } = response;
  const policy = headers.get("content-security-policy") ?? "";
  const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? [];
  expect(nonce).toBeTruthy();
  expect(await response.text()).toContain(`nonce="${nonce}"`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain(`style-src 'self' 'nonce-${nonce}';`);
  expect(headers.get("strict-transport-security"), "over http").toBeNull();
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("same-origin");
  expect(headers.get("x-powered-by")).toBeNull();
  const icon = await ask("/favicon.ico");
  expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
});

test("a style that somebody slips in is refused; those of dialogs bear the nonce, after news too", async ({
  page,
  complaints,
}) => {
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

test("the callback refuses bad answers and what is no navigation, and asks nobody for a token", async ({
  page,
}) => {
  const before = await tokenRequests();
  for (const query of ["?state=unknown&code=abc", "?state=a&error=x&error_description=%3Cscript"]) {
    const response = await page.request.get(`${CALLBACK}${query}`, { maxRedirects: 0 });
    expect(response.status(), query).toBe(400);
    expect(await response.text(), query).not.toContain("<script");
    expect(response.headers()["referrer-policy"], query).toContain("no-referrer");
  }
  const answer = `${CALLBACK}?state=a&code=b`;
  expect((await page.request.head(answer)).status()).toBe(405);
  expect((await page.request.post(answer)).status()).toBe(405);
  const headers = { purpose: "prefetch" };
  expect((await page.request.get(answer, { headers })).status()).toBe(405);
  expect(await tokenRequests()).toBe(before);
});

async function tokenRequests(): Promise<number> {
  const response = await fetch(new URL("/requests", installation.controlUrl));
  const text = JSON.stringify(await response.json());
  return [...text.matchAll(/"what":"authorization_code"/g)].length;
}

test("impossible ids, parameters and headers are answered without a fault", async ({ page }) => {
  const status = async (path: string, headers = {}) =>
    (await page.request.get(path, { headers })).status();
  for (const id of ["1e3", "-1", "..%2f..%2fetc", "undefined"])
    expect(await status(`/settings/cloud-providers/${id}`), id).toBe(404);
  for (const query of [
    "limit=-1&sort=password&direction=up",
    "search=%00",
    "search='%20OR%201=1",
    "search=%25%5C_",
    `search=${"x".repeat(10_000)}`,
    "after=garbage",
    "after[$gt]=1&search[]=a",
  ])
    expect(await status(`/email/accounts?${query}`), query.slice(0, 40)).toBe(200);
  expect(await status("/email/accounts", { "x-padding": "x".repeat(8 * 1024) })).toBe(200);
  expect(await status("/email/accounts", { "x-padding": "x".repeat(32 * 1024) })).toBe(431);
});
