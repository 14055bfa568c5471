import { createPublicKey, randomUUID, verify, X509Certificate } from "node:crypto";
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

test("MSAL renews a sign-in silently", async () => {
  const renewed = await renewSilently(await signedIn());
  expect(renewed?.scopes.toSorted()).toEqual(MAIL_SCOPES.toSorted());
});

test("a refresh token that was used keeps working", async () => {
  const { body } = await redeemByHand(ALICE);
  const answers = [await refresh(body.refresh_token), await refresh(body.refresh_token)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.body.refresh_token).not.toBe(body.refresh_token);
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

const RENEWAL = { grant_type: "refresh_token", refresh_token: "x" };
test.each<[string, Record<string, string>, [number, string, number]]>([
  ["a wrong secret", { ...APP_ONLY, client_secret: "x" }, [401, "invalid_client", 7000215]],
  ["no secret", { ...APP_ONLY, client_secret: "" }, [401, "invalid_client", 7000218]],
  [
    "a wrong secret before a bad grant",
    { ...RENEWAL, client_secret: "x" },
    [401, "invalid_client", 7000215],
  ],
  [
    "an unknown application",
    { ...APP_ONLY, client_id: randomUUID() },
    [400, "unauthorized_client", 700016],
  ],
  ["an unknown refresh token", RENEWAL, [400, "invalid_grant", 9002313]],
  [
    "a scope that is not .default",
    { ...APP_ONLY, scope: MAIL_SCOPES[0] ?? "" },
    [400, "invalid_scope", 1002012],
  ],
  ["an unknown grant type", { grant_type: "password" }, [400, "unsupported_grant_type", 70003]],
])("Entra ID's number for %s", async (_what, fields, [status, error, number]) => {
  const answer = await postToken(sandbox, fields);
  expect(answer).toMatchObject({ status, body: { error, error_codes: [number] } });
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

test.each([
  ["with another verifier", { code_verifier: "w".repeat(43) }, 501481],
  ["with another redirect URI", { redirect_uri: `${REDIRECT_URI}/` }, 500112],
  ["after ten minutes", {}, 70008],
])("a code is refused %s", async (_what, change, number) => {
  const later = number === 70008 ? 11 * 60_000 : 0;
  const { body } = await redeemByHand(ALICE, change, later);
  expect(body.error_codes).toEqual([number]);
});

test("a refresh token ends after 90 days without use", async () => {
  const { body } = await redeemByHand(ALICE);
  ahead = 91 * DAY_MS;
  const late = await refresh(body.refresh_token);
  expect(late.body).toMatchObject({ error: "invalid_grant", error_codes: [700082] });
});

test("MSAL asks for interaction when the sign-in was revoked", async () => {
  const session = await signedIn();
  await fetch(`${sandbox.controlUrl}users/${ALICE}/revoke`, { method: "POST" });
  await expect(renewSilently(session)).rejects.toMatchObject({
    name: "InteractionRequiredAuthError",
    errorNo: 50173,
    subError: "bad_token",
  });
});

test("MSAL notices a nonce that is not its own", async () => {
  sandbox.faults.set("wrong_nonce");
  await expect(signIn(msalClient(sandbox), ALICE)).rejects.toMatchObject({
    errorCode: "nonce_mismatch",
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
