import { createPublicKey, randomUUID, verify } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  beginSignIn,
  getJson,
  MAIL_SCOPES,
  msalClient,
  postToken,
  REDIRECT_URI,
  redeem,
  signIn,
  startTestSandbox,
  type TestSandbox,
} from "../testing";
import { walkSignIn } from "../walk-sign-in";
import { decodeJwt } from "./jwt";

const DAY_MS = 86_400_000;
const APP_ONLY = {
  grant_type: "client_credentials",
  scope: "https://outlook.office365.com/.default",
};

let sandbox: TestSandbox;
let ahead = 0;

beforeAll(async () => {
  sandbox = await startTestSandbox({ now: () => Date.now() + ahead });
});
beforeEach(() => {
  ahead = 0;
  sandbox.faults.clearAll();
});
afterAll(() => sandbox.dispose());

describe("a successful sign-in", () => {
  test("gives an access token that a published key has signed", async () => {
    const { accessToken } = await signIn(msalClient(sandbox), "alice@contoso.test");
    const jwt = decodeJwt(accessToken);
    const { body } = await getJson(sandbox, "/common/discovery/v2.0/keys");
    const [key] = body.keys as { kid: string }[];
    expect(jwt?.header).toMatchObject({ alg: "RS256", kid: key?.kid });
    const publicKey = createPublicKey({ key: { ...key }, format: "jwk" });
    expect(jwt && verify("sha256", jwt.signedPart, publicKey, jwt.signature)).toBe(true);
    expect(jwt?.claims).toMatchObject({
      aud: "https://outlook.office.com",
      iss: `${sandbox.cloud.authority}/${sandbox.registration.tenantId}/`,
      scp: "IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send",
      upn: "alice@contoso.test",
      appid: sandbox.registration.clientId,
      tid: sandbox.registration.tenantId,
    });
  });

  test("can be refreshed, and the old refresh token keeps working", async () => {
    const first = await redeemByHand("bob@contoso.test");
    const second = await postToken(sandbox, refresh(first.body.refresh_token));
    const again = await postToken(sandbox, refresh(first.body.refresh_token));
    expect([second.status, again.status]).toEqual([200, 200]);
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token);
    expect(second.body.scope).toBe(MAIL_SCOPES.join(" "));
  });

  test("is renewed silently by MSAL", async () => {
    const client = msalClient(sandbox);
    const { account } = await signIn(client, "alice@contoso.test");
    if (!account) throw new Error("No account.");
    const renewed = await client.acquireTokenSilent({
      account,
      scopes: MAIL_SCOPES,
      forceRefresh: true,
    });
    expect(renewed?.scopes.toSorted()).toEqual(MAIL_SCOPES.toSorted());
  });
});

describe("the client's own token", () => {
  test("proves a secret, without roles where the application has no permissions", async () => {
    const { status, body } = await postToken(sandbox, APP_ONLY);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("refresh_token");
    expect(decodeJwt(String(body.access_token))?.claims).not.toHaveProperty("roles");
  });

  test("carries roles where it has some, proven by secret or by certificate", async () => {
    const { clientId, clientSecret, certificatePem, privateKeyPem } = sandbox.serviceRegistration;
    const { X509Certificate } = await import("node:crypto");
    const certificate = new X509Certificate(certificatePem);
    const clientCertificate = {
      thumbprintSha256: certificate.fingerprint256.replaceAll(":", ""),
      privateKey: privateKeyPem,
    };
    for (const auth of [{ clientSecret }, { clientCertificate }]) {
      const client = msalClient(sandbox, { clientId, auth });
      const result = await client.acquireTokenByClientCredential({ scopes: [APP_ONLY.scope] });
      expect(decodeJwt(result?.accessToken ?? "")?.claims.roles).toContain("SMTP.SendAsApp");
    }
  });
});

describe("a refused token request", () => {
  const { grant_type, scope } = APP_ONLY;
  const withSecret = { ...APP_ONLY };
  test.each([
    {
      what: "a wrong secret",
      fields: { ...withSecret, client_secret: "x" },
      is: [401, "invalid_client", 7000215],
    },
    {
      what: "no secret",
      fields: { ...withSecret, client_secret: "" },
      is: [401, "invalid_client", 7000218],
    },
    {
      what: "an unknown application",
      fields: { ...withSecret, client_id: randomUUID() },
      is: [400, "unauthorized_client", 700016],
    },
    {
      what: "a wrong secret before a bad grant",
      fields: { grant_type: "refresh_token", refresh_token: "x", client_secret: "x" },
      is: [401, "invalid_client", 7000215],
    },
    {
      what: "an unknown refresh token",
      fields: { grant_type: "refresh_token", refresh_token: "x" },
      is: [400, "invalid_grant", 9002313],
    },
    {
      what: "a scope that is not .default",
      fields: { grant_type, scope: MAIL_SCOPES[0] ?? "" },
      is: [400, "invalid_scope", 1002012],
    },
    {
      what: "an unknown grant type",
      fields: { grant_type: "password" },
      is: [400, "unsupported_grant_type", 70003],
    },
    { what: "no scope", fields: { grant_type }, is: [400, "invalid_request", 900144] },
    {
      what: "an unknown tenant",
      fields: { grant_type, scope },
      tenant: randomUUID(),
      is: [400, "invalid_request", 90002],
    },
    {
      what: "app-only through /common",
      fields: { grant_type, scope },
      tenant: "common",
      is: [400, "invalid_request", 9001023],
    },
  ])("names $what", async ({ fields, tenant, is }) => {
    const { status, body } = await postToken(sandbox, fields, tenant);
    const [wantedStatus, error, number] = is;
    expect(status).toBe(wantedStatus);
    expect(body).toMatchObject({ error, error_codes: [number] });
    expect(body.error_description).toMatch(
      new RegExp(`^AADSTS${number}: .+ Trace ID: .+ Correlation ID: .+ Timestamp: .+Z$`),
    );
    expect(body).toHaveProperty("error_uri");
  });

  test("answers with the correlation id it was given", async () => {
    const id = randomUUID();
    const { body } = await postToken(sandbox, {
      ...APP_ONLY,
      client_secret: "x",
      "client-request-id": id,
    });
    expect(body.correlation_id).toBe(id);
  });

  test("names a scope that does not exist, and two resources in one request", async () => {
    const { body } = await redeemByHand("alice@contoso.test");
    const ask = (scope: string) => postToken(sandbox, { ...refresh(body.refresh_token), scope });
    expect((await ask("https://outlook.office.com/Nothing")).body.error_codes).toEqual([70011]);
    const mixed = `https://graph.microsoft.com/User.Read ${MAIL_SCOPES[0]}`;
    expect((await ask(mixed)).body.error_codes).toEqual([28000]);
  });
});

describe("an authorization code", () => {
  test("is refused the second time, and takes its refresh token with it", async () => {
    const client = msalClient(sandbox);
    const begun = await beginSignIn(client);
    const callback = await walkSignIn(begun.url, { account: "bob@contoso.test" });
    const code = callback?.searchParams.get("code") ?? "";
    const { account } = await redeem(client, begun, code);
    await expect(redeem(client, begun, code)).rejects.toMatchObject({ errorNo: 54005 });
    if (!account) throw new Error("No account.");
    const silent = client.acquireTokenSilent({ account, scopes: MAIL_SCOPES, forceRefresh: true });
    await expect(silent).rejects.toMatchObject({ errorNo: 9002313 });
  });

  test.each([
    { what: "with another verifier", change: { code_verifier: "w".repeat(43) }, number: 501481 },
    {
      what: "with another redirect URI",
      change: { redirect_uri: `${REDIRECT_URI}/` },
      number: 500112,
    },
    { what: "after ten minutes", change: {}, later: 11 * 60_000, number: 70008 },
  ])("is refused $what", async ({ change, later, number }) => {
    const { status, body } = await redeemByHand("alice@contoso.test", change, later);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.error_codes).toEqual([number]);
  });
});

describe("a refresh token", () => {
  test("dies after 90 days without use", async () => {
    const { body } = await redeemByHand("alice@contoso.test");
    ahead = 91 * DAY_MS;
    const late = await postToken(sandbox, refresh(body.refresh_token));
    expect(late.body).toMatchObject({ error: "invalid_grant", error_codes: [700082] });
  });

  test("dies when the sign-in is revoked, and MSAL asks for interaction", async () => {
    const client = msalClient(sandbox);
    const { account } = await signIn(client, "alice@contoso.test");
    await fetch(`${sandbox.controlUrl}users/alice@contoso.test/revoke`, { method: "POST" });
    if (!account) throw new Error("No account.");
    const silent = client.acquireTokenSilent({ account, scopes: MAIL_SCOPES, forceRefresh: true });
    await expect(silent).rejects.toMatchObject({
      name: "InteractionRequiredAuthError",
      errorNo: 50173,
      subError: "bad_token",
    });
  });

  test("outlives a change of the client secret", async () => {
    const { body } = await redeemByHand("alice@contoso.test");
    const { clientId } = sandbox.registration;
    const made = await fetch(`${sandbox.controlUrl}registrations/${clientId}/secrets`, {
      method: "POST",
    });
    const secret = (await made.json()) as { value: string };
    const fields = { ...refresh(body.refresh_token), client_secret: secret.value };
    expect((await postToken(sandbox, fields)).status).toBe(200);
  });

  test("dies with the consent", async () => {
    const { body } = await redeemByHand("bob@contoso.test");
    await fetch(`${sandbox.controlUrl}users/bob@contoso.test/withdraw-consent`, { method: "POST" });
    const refused = await postToken(sandbox, refresh(body.refresh_token));
    expect(refused.body).toMatchObject({ error_codes: [65001], suberror: "consent_required" });
  });
});

describe("the metadata", () => {
  test("of a domain name has the tenant's id as issuer", async () => {
    const { body } = await getJson(sandbox, "/contoso.test/v2.0/.well-known/openid-configuration");
    const { authority } = sandbox.cloud;
    expect(body.issuer).toBe(`${authority}/${sandbox.registration.tenantId}/v2.0`);
  });

  test("of an unknown tenant is refused", async () => {
    const { status, body } = await getJson(
      sandbox,
      "/no.test/v2.0/.well-known/openid-configuration",
    );
    expect([status, body.error_codes]).toEqual([400, [90002]]);
  });
});

function refresh(token: unknown): Record<string, string> {
  return { grant_type: "refresh_token", refresh_token: String(token) };
}

async function redeemByHand(account: string, change: Record<string, string> = {}, later = 0) {
  const begun = await beginSignIn(msalClient(sandbox));
  const callback = await walkSignIn(begun.url, { account });
  ahead = later;
  return postToken(sandbox, {
    grant_type: "authorization_code",
    code: callback?.searchParams.get("code") ?? "",
    redirect_uri: REDIRECT_URI,
    code_verifier: begun.codeVerifier,
    scope: ["openid profile offline_access", ...MAIL_SCOPES].join(" "),
    ...change,
  });
}
