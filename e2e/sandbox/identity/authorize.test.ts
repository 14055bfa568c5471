import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { beginSignIn, msalClient, signIn, startTestSandbox, type TestSandbox } from "../testing";
import { walkSignIn } from "../walk-sign-in";

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
});
beforeEach(async () => {
  await fetch(`${sandbox.controlUrl}reset`, { method: "POST" });
});
afterAll(() => sandbox.dispose());

describe("the sign-in page", () => {
  test("says that it is a sandbox, runs no script, and lists the tenant's people", async () => {
    const response = await fetch(await authorizeUrl());
    const page = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page).toContain("SANDBOX");
    expect(page).toContain("alice@contoso.test");
    expect(page).not.toContain("erin@northwind.test");
  });

  test("puts the hinted account first, and escapes a hint that is none", async () => {
    const hinted = await (
      await fetch(await authorizeUrl({ login_hint: "bob@contoso.test" }))
    ).text();
    expect(hinted.indexOf("bob@contoso.test")).toBeLessThan(hinted.indexOf("alice@contoso.test"));
    const odd = await (await fetch(await authorizeUrl({ login_hint: `"><script>` }))).text();
    expect(odd).not.toContain("<script");
  });

  test.each([
    { account: "nobody@contoso.test", number: 50034 },
    { account: "dave@contoso.test", number: 50057 },
    { account: "support@contoso.test", number: 50057 },
    { account: "erin@northwind.test", number: 50020 },
  ])("keeps $account here with AADSTS$number", async ({ account, number }) => {
    const body = new URLSearchParams({ account });
    const answer = await fetch(await authorizeUrl(), { method: "POST", body, redirect: "manual" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(`AADSTS${number}`);
  });

  test.each([
    { what: "an unknown application", change: { client_id: randomUUID() }, number: 700016 },
    {
      what: "an unregistered redirect URI",
      change: { redirect_uri: "https://evil.test/" },
      number: 50011,
    },
    {
      what: "a redirect URI with a slash too many",
      change: {
        redirect_uri: "http://localhost:3000/api/cloudProviders/oauth2/microsoft/callback/",
      },
      number: 50011,
    },
    { what: "a single-tenant application at /common", tenant: "common", number: 50194 },
    { what: "an unknown tenant", tenant: randomUUID(), number: 90002 },
    { what: "a tenant that is neither GUID nor domain", tenant: "contoso", number: 90023 },
  ])("sends nothing back for $what", async ({ change, tenant, number }) => {
    const answer = await fetch(await authorizeUrl(change, tenant), { redirect: "manual" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(`AADSTS${number}`);
  });

  test.each([
    {
      what: "another response type",
      change: { response_type: "token" },
      error: "unsupported_response_type",
    },
    {
      what: "another response mode",
      change: { response_mode: "fragment" },
      error: "invalid_request",
    },
    { what: "no PKCE", change: { code_challenge: "" }, error: "invalid_request" },
    {
      what: "PKCE without S256",
      change: { code_challenge_method: "plain" },
      error: "invalid_request",
    },
    {
      what: "an unknown scope",
      change: { scope: "https://nowhere.test/Mail" },
      error: "invalid_scope",
    },
    { what: "a silent request", change: { prompt: "none" }, error: "login_required" },
  ])("goes back with an error for $what", async ({ change, error }) => {
    const answer = await fetch(await authorizeUrl(change), { redirect: "manual" });
    const location = new URL(answer.headers.get("location") ?? "");
    expect(location.searchParams.get("error")).toBe(error);
    expect(location.searchParams.get("state")).toBeTruthy();
  });
});

describe("consent", () => {
  test("is asked once, and again when the request insists", async () => {
    const client = msalClient(sandbox);
    await signIn(client, "alice@contoso.test");
    const begun = await beginSignIn(client);
    const body = new URLSearchParams({ account: "alice@contoso.test" });
    const second = await fetch(begun.url, { method: "POST", body, redirect: "manual" });
    expect(second.status).toBe(303);
    const insisting = await authorizeUrl({ prompt: "consent" });
    const third = await fetch(insisting, { method: "POST", body, redirect: "manual" });
    expect(await third.text()).toContain("Permissions requested");
  });

  test("that is declined comes back as access_denied", async () => {
    const { url, state } = await beginSignIn(msalClient(sandbox));
    const callback = await walkSignIn(url, { account: "alice@contoso.test", consent: "cancel" });
    const fields = Object.fromEntries(callback?.searchParams ?? []);
    expect(fields).toMatchObject({ error: "access_denied", error_subcode: "cancel", state });
    expect(fields.error_description).toMatch(/^AADSTS65004: /);
  });

  test("by an administrator counts for everybody, even where people may not consent", async () => {
    sandbox.faults.set("admin_consent_required");
    const { url } = await beginSignIn(msalClient(sandbox));
    expect(await walkSignIn(url, { account: "alice@contoso.test" })).toBeUndefined();
    const consent = { account: "adele@contoso.test", consent: "accept", organisation: "true" };
    await fetch(url, { method: "POST", body: new URLSearchParams(consent), redirect: "manual" });
    const callback = await walkSignIn(url, { account: "alice@contoso.test" });
    expect(callback?.searchParams.has("code")).toBe(true);
  });
});

test("the multi-tenant application signs in people of another organisation", async () => {
  const { clientId, clientSecret } = sandbox.multiTenantRegistration;
  const client = msalClient(sandbox, { tenant: "organizations", clientId, auth: { clientSecret } });
  const { account } = await signIn(client, "erin@northwind.test");
  expect(account?.tenantId).not.toBe(sandbox.registration.tenantId);
});

test("any AADSTS number can be raised at the sign-in page", async () => {
  sandbox.faults.set("raise:530032", { at: "authorize", mailbox: "bob@contoso.test" });
  const { url } = await beginSignIn(msalClient(sandbox));
  const bob = await walkSignIn(url, { account: "bob@contoso.test" });
  expect(bob?.searchParams.get("error_description")).toMatch(/^AADSTS530032: /);
  const alice = await walkSignIn(url, { account: "alice@contoso.test" });
  expect(alice?.searchParams.has("code")).toBe(true);
});

async function authorizeUrl(change: Record<string, string> = {}, tenant?: string): Promise<string> {
  const { url } = await beginSignIn(msalClient(sandbox));
  const changed = new URL(url);
  for (const [name, value] of Object.entries(change)) changed.searchParams.set(name, value);
  const { tenantId } = sandbox.registration;
  return tenant ? changed.href.replace(`/${tenantId}/`, `/${tenant}/`) : changed.href;
}
