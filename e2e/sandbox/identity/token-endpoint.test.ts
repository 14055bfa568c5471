import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
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

/** What MSAL, which knows nothing of the sandbox, makes of it, and the numbers that Entra ID documents. */
const DAY_MS = 86_400_000;
const APP_ONLY = {
  grant_type: "client_credentials",
  scope: "https://outlook.office365.com/.default",
};
const ALICE = "alice@contoso.test";

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

test("an access token is signed by a key that is published", async () => {
  const { accessToken } = await signIn(msalClient(sandbox), ALICE);
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
  });
});

test("a refresh token that was used keeps working, and ends after 90 days without use", async () => {
  const { body } = await redeemByHand(ALICE);
  const answers = [await refresh(body.refresh_token), await refresh(body.refresh_token)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.body.refresh_token).not.toBe(body.refresh_token);
  ahead = 91 * DAY_MS;
  const late = await refresh(body.refresh_token);
  expect(late.body).toMatchObject({ error: "invalid_grant", error_codes: [700082] });
});

test("MSAL gets an application's own token with a secret and with a certificate", async () => {
  const { clientId, clientSecret, certificatePem, privateKeyPem } = sandbox.serviceRegistration;
  const { fingerprint256 } = new X509Certificate(certificatePem);
  const thumbprintSha256 = fingerprint256.replaceAll(":", "");
  const clientCertificate = { thumbprintSha256, privateKey: privateKeyPem };
  for (const auth of [{ clientSecret }, { clientCertificate }]) {
    const client = msalClient(sandbox, { clientId, auth });
    const result = await client.acquireTokenByClientCredential({ scopes: [APP_ONLY.scope] });
    expect(decodeJwt(result?.accessToken ?? "")?.claims.roles).toContain("SMTP.SendAsApp");
  }
});

test("MSAL signs in people of another organisation with the multi-tenant application", async () => {
  const { clientId, clientSecret } = sandbox.multiTenantRegistration;
  const client = msalClient(sandbox, { tenant: "organizations", clientId, auth: { clientSecret } });
  const { account } = await signIn(client, "erin@northwind.test");
  expect(account?.tenantId).not.toBe(sandbox.registration.tenantId);
});

test("MSAL is refused a code the second time, and its refresh token ends with that", async () => {
  const client = msalClient(sandbox);
  const begun = await beginSignIn(client);
  const callback = await walkSignIn(begun.url, { account: "bob@contoso.test" });
  const code = callback?.searchParams.get("code") ?? "";
  const { account } = await redeem(client, begun, code);
  await expect(redeem(client, begun, code)).rejects.toMatchObject({ errorNo: 54005 });
  await expect(renewSilently({ client, account })).rejects.toMatchObject({ errorNo: 9002313 });
});

test("MSAL renews a sign-in silently, and asks for interaction when it was revoked", async () => {
  const session = await signedIn();
  expect((await renewSilently(session))?.scopes.toSorted()).toEqual(MAIL_SCOPES.toSorted());
  await fetch(`${sandbox.controlUrl}users/${ALICE}/revoke`, { method: "POST" });
  await expect(renewSilently(session)).rejects.toMatchObject({
    name: "InteractionRequiredAuthError",
    errorNo: 50173,
    subError: "bad_token",
  });
});

type Session = {
  client: ReturnType<typeof msalClient>;
  account: Awaited<ReturnType<typeof signIn>>["account"];
};

async function signedIn(): Promise<Session> {
  const client = msalClient(sandbox);
  const { account } = await signIn(client, ALICE);
  return { client, account };
}

async function renewSilently({ client, account }: Session) {
  if (!account) throw new Error("No account.");
  return client.acquireTokenSilent({ account, scopes: MAIL_SCOPES, forceRefresh: true });
}

function refresh(token: unknown) {
  return postToken(sandbox, { grant_type: "refresh_token", refresh_token: String(token) });
}

async function redeemByHand(account: string) {
  const begun = await beginSignIn(msalClient(sandbox));
  const callback = await walkSignIn(begun.url, { account });
  return postToken(sandbox, {
    grant_type: "authorization_code",
    code: callback?.searchParams.get("code") ?? "",
    redirect_uri: REDIRECT_URI,
    code_verifier: begun.codeVerifier,
    scope: ["openid profile offline_access", ...MAIL_SCOPES].join(" "),
  });
}
