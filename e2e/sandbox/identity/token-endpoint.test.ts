import { createPublicKey } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ask, authorize, postToken, startTestSandbox, type TestSandbox } from "../testing";
import { decodeJwt, hasValidSignature } from "./jwt";

/** The numbers that Entra ID documents. What MSAL makes of the answers, the product's tests show. */
const DAY_MS = 86_400_000;
const ALICE = "alice@contoso.test";

let sandbox: TestSandbox;
let ahead = 0;

beforeAll(async () => {
  sandbox = await startTestSandbox({ now: () => Date.now() + ahead });
});
beforeEach(() => {
  ahead = 0;
});
afterAll(() => sandbox.dispose());

const signIn = async () => postToken(sandbox, await authorize(sandbox, ALICE));
const refresh = (token: unknown) =>
  postToken(sandbox, { grant_type: "refresh_token", refresh_token: String(token) });

test("an access token is signed by a key that is published", async () => {
  const jwt = decodeJwt(String((await signIn()).body.access_token));
  const { body } = await ask(sandbox, "/common/discovery/v2.0/keys");
  const [key] = body.keys as { kid: string }[];
  expect(jwt?.header).toMatchObject({ alg: "RS256", kid: key?.kid });
  const publicKey = createPublicKey({ key: { ...key }, format: "jwk" });
  expect(jwt && hasValidSignature(jwt, publicKey)).toBe(true);
  expect(jwt?.claims).toMatchObject({
    aud: "https://outlook.office.com",
    iss: `${sandbox.cloud.authority}/${sandbox.registration.tenantId}/`,
    scp: "IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send",
  });
});

test("a refresh token that was used keeps working, and ends after 90 days without use", async () => {
  const { body } = await signIn();
  const answers = [await refresh(body.refresh_token), await refresh(body.refresh_token)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.body.refresh_token).not.toBe(body.refresh_token);
  ahead = 91 * DAY_MS;
  const late = await refresh(body.refresh_token);
  expect(late.body).toMatchObject({ error: "invalid_grant", error_codes: [700082] });
});

test("a code is refused the second time, and its refresh token ends with that", async () => {
  const code = await authorize(sandbox, ALICE);
  const { body } = await postToken(sandbox, code);
  expect((await postToken(sandbox, code)).body).toMatchObject({ error_codes: [54005] });
  expect((await refresh(body.refresh_token)).body).toMatchObject({ error_codes: [9002313] });
});

test("a sign-in that was revoked is not renewed", async () => {
  const { body } = await signIn();
  await fetch(`${sandbox.controlUrl}users/${ALICE}/revoke`, { method: "POST" });
  const refused = await refresh(body.refresh_token);
  expect(refused.body).toMatchObject({ error_codes: [50173], suberror: "bad_token" });
});
