import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FAULTS } from "./fault-catalogue";
import { decodeJwt } from "./identity/jwt";
import {
  beginSignIn,
  msalClient,
  postToken,
  redeem,
  signIn,
  startTestSandbox,
  type TestSandbox,
} from "./testing";
import { walkSignIn } from "./walk-sign-in";

const APP_ONLY = {
  grant_type: "client_credentials",
  scope: "https://outlook.office365.com/.default",
};

let sandbox: TestSandbox;
let refreshToken = "";

beforeAll(async () => {
  sandbox = await startTestSandbox();
  refreshToken = await refreshTokenOf("alice@contoso.test");
});
beforeEach(() => sandbox.faults.clearAll());
afterAll(() => sandbox.dispose());

describe("a fault of the identity platform", () => {
  test.each([
    { id: "secret_expired", status: 401, error: "invalid_client", number: 7000222 },
    { id: "secret_wrong", status: 401, error: "invalid_client", number: 7000215 },
    { id: "app_disabled", status: 400, error: "unauthorized_client", number: 7000112 },
    { id: "tenant_unknown", status: 400, error: "invalid_request", number: 90002 },
    {
      id: "consent_revoked",
      status: 400,
      error: "invalid_grant",
      number: 65001,
      suberror: "consent_required",
    },
    {
      id: "grant_revoked",
      status: 400,
      error: "invalid_grant",
      number: 50173,
      suberror: "bad_token",
    },
    {
      id: "mfa_required",
      status: 400,
      error: "interaction_required",
      number: 50076,
      suberror: "basic_action",
    },
    {
      id: "conditional_access",
      status: 400,
      error: "interaction_required",
      number: 53003,
      suberror: "message_only",
    },
    { id: "user_disabled", status: 400, error: "invalid_grant", number: 50057 },
    { id: "refresh_expired", status: 400, error: "invalid_grant", number: 700082 },
    { id: "throttled", status: 429, error: "temporarily_unavailable", number: 90055 },
    { id: "raise:50196", status: 503, error: "temporarily_unavailable", number: 50196 },
    { id: "raise:12345678", status: 400, error: "invalid_grant", number: 12345678 },
  ])("$id answers as Microsoft does", async ({ id, status, error, number, suberror }) => {
    sandbox.faults.set(id);
    const answer = await renew();
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      error,
      error_codes: [number],
      ...(suberror ? { suberror } : {}),
    });
  });

  test("mfa_required comes with a claims challenge", async () => {
    sandbox.faults.set("mfa_required");
    const { claims } = (await renew()).body;
    expect(JSON.parse(String(claims))).toHaveProperty("access_token.capolids.values");
  });

  test("throttled says when to come back", async () => {
    sandbox.faults.set("throttled", { seconds: 7 });
    expect((await renew()).headers["retry-after"]).toBe("7");
  });

  test.each([
    { id: "hang", failure: /timed out/ },
    { id: "reset", failure: /ECONNRESET|socket hang up/ },
    { id: "truncated", failure: /aborted/ },
    { id: "html_200", failure: /JSON/ },
    { id: "server_error", failure: /JSON/ },
    { id: "huge_body", failure: /JSON/ },
  ])("$id breaks the answer", { timeout: 15_000 }, async ({ id, failure }) => {
    sandbox.faults.set(id);
    await expect(renew()).rejects.toThrow(failure);
  });

  test("redirect_307 points to another host", async () => {
    sandbox.faults.set("redirect_307");
    await expect(renew()).rejects.toThrow(/JSON/);
    expect(sandbox.requests().last.at(-1)?.outcome).toBe("redirect_307");
  });

  test.each([
    { id: "fewer_scopes", claim: "scp", value: "IMAP.AccessAsUser.All POP.AccessAsUser.All" },
    { id: "wrong_audience", claim: "aud", value: "https://graph.microsoft.com" },
  ])("$id changes the token", async ({ id, claim, value }) => {
    sandbox.faults.set(id);
    const { body } = await renew();
    expect(decodeJwt(String(body.access_token))?.claims[claim]).toBe(value);
  });

  test("expired_token hands over a token that ran out, short_token one that soon will", async () => {
    sandbox.faults.set("expired_token");
    const claims = decodeJwt(String((await renew()).body.access_token))?.claims;
    expect(Number(claims?.exp)).toBeLessThan(Date.now() / 1000);
    sandbox.faults.set("short_token", { seconds: 5 });
    expect((await renew()).body.expires_in).toBe(5);
  });

  test("no_refresh_token leaves it out", async () => {
    sandbox.faults.set("no_refresh_token");
    expect((await renew()).body).not.toHaveProperty("refresh_token");
  });

  test("empty_json is empty", async () => {
    sandbox.faults.set("empty_json");
    expect(await renew()).toMatchObject({ status: 200, body: {} });
  });

  test("wrong_nonce is noticed by MSAL", async () => {
    sandbox.faults.set("wrong_nonce");
    await expect(signIn(msalClient(sandbox), "bob@contoso.test")).rejects.toMatchObject({
      errorCode: "nonce_mismatch",
    });
  });

  test("slow waits as long as it is told", async () => {
    sandbox.faults.set("slow", { seconds: 0.3 });
    const before = performance.now();
    await renew();
    expect(performance.now() - before).toBeGreaterThan(290);
  });
});

describe("a switch", () => {
  test("can be for one person only", async () => {
    sandbox.faults.set("grant_revoked", { mailbox: "bob@contoso.test" });
    expect((await renew()).status).toBe(200);
  });

  test("can be for a number of requests", async () => {
    sandbox.faults.set("grant_revoked", { times: 1 });
    expect([(await renew()).status, (await renew()).status]).toEqual([400, 200]);
  });

  test("has no effect on other people's secrets or places", async () => {
    sandbox.faults.set("temporary");
    expect((await postToken(sandbox, APP_ONLY)).status).toBe(200);
  });

  test("is thrown by HTTP as well", async () => {
    const on = await post("faults/secret_expired", { on: "true" });
    expect(await on.json()).toMatchObject({ faults: [{ id: "secret_expired" }] });
    expect((await postToken(sandbox, APP_ONLY)).body.error_codes).toEqual([7000222]);
    await post("faults/secret_expired", { on: "false" });
    expect((await postToken(sandbox, APP_ONLY)).status).toBe(200);
    expect((await post("faults/nonsense", { on: "true" })).status).toBe(404);
  });

  test("cannot be thrown by a page of another site", async () => {
    const response = await fetch(`${sandbox.controlUrl}faults/hang`, {
      method: "POST",
      headers: { origin: "https://evil.test" },
    });
    expect(response.status).toBe(403);
  });
});

describe("the control page", () => {
  test("shows every fault, the values to paste, and no script", async () => {
    const page = await (await fetch(sandbox.controlUrl)).text();
    for (const { id } of FAULTS) expect(page).toContain(id);
    expect(page).toContain(sandbox.registration.clientSecret);
    expect(page).not.toContain("<script");
  });

  test("expires a secret, and shows a new one once", async () => {
    const { clientId } = sandbox.multiTenantRegistration;
    const made = await post(`registrations/${clientId}/secrets`, {}, { accept: "text/html" });
    const value = /<code>([^<]{40})<\/code>/.exec(await made.text())?.[1];
    const list = await (await fetch(`${sandbox.controlUrl}registrations`)).json();
    expect(value).toHaveLength(40);
    expect(JSON.stringify(list)).not.toContain(value);
  });

  test("escapes what a message brings", async () => {
    const fields = { from: "a@b.test", to: "bob@contoso.test", subject: "<b>&", text: "x" };
    expect(await (await post("messages", fields)).json()).toEqual({
      delivered: ["bob@contoso.test"],
    });
    expect((await post("messages", { ...fields, to: "x@y.test" })).status).toBe(400);
  });

  test("counts requests and keeps no secret or token", async () => {
    const { body } = await renew();
    const report = JSON.stringify(sandbox.requests());
    expect(sandbox.requests().counts["token refresh_token"]).toBeGreaterThan(0);
    for (const secret of [body.access_token, refreshToken, sandbox.registration.clientSecret])
      expect(report).not.toContain(secret);
  });
});

function renew() {
  return postToken(sandbox, { grant_type: "refresh_token", refresh_token: refreshToken });
}

function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields);
  return fetch(`${sandbox.controlUrl}${path}`, { method: "POST", body, headers });
}

async function refreshTokenOf(account: string): Promise<string> {
  const client = msalClient(sandbox);
  const begun = await beginSignIn(client);
  const callback = await walkSignIn(begun.url, { account });
  await redeem(client, begun, callback?.searchParams.get("code") ?? "");
  const cache = JSON.parse(client.getTokenCache().serialize());
  const [entry] = Object.values<{ secret: string }>(cache.RefreshToken);
  return entry?.secret ?? "";
}
