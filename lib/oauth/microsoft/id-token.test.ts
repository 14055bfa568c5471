import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { exportJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startHttpsServer, type TestServer } from "@/lib/testing/https-server";
import { withInstallation } from "@/lib/testing/sandbox";
import type { AccountTypes } from "../schema";
import { isIssuer, verifySignedIn } from "./id-token";

const sandbox = withInstallation();
const published = generateKeyPairSync("rsa", { modulusLength: 2048 });
const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
const CLIENT_ID = randomUUID();
const NONCE = "n-0S6_WzA2Mj";
/** Directory ids are GUIDs of any version. */
const TENANT_ID = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const kid = "key-1";

let server: TestServer;
let isDown = false;
let tenantCount = 0;
let tenantId: string;

beforeAll(async () => {
  const key = { ...(await exportJWK(published.publicKey)), kid, use: "sig", alg: "RS256" };
  server = await startHttpsServer(sandbox().stateDir, (_request, reply) => {
    if (isDown) reply.writeHead(503).end();
    else reply.end(JSON.stringify({ keys: [key] }));
  });
});
afterAll(() => server.close());

beforeEach(() => {
  isDown = false;
  // The keys are kept per tenant: each test begins without any.
  tenantCount += 1;
  tenantId = TENANT_ID.slice(0, -4) + tenantCount.toString(16).padStart(4, "0");
});

const registration = (accountTypes: AccountTypes = "tenant") => ({
  service: "microsoft_azure" as const,
  cloud: { ...sandbox().cloud, authority: server.origin },
  clientId: CLIENT_ID,
  tenantId,
  accountTypes,
});

const now = () => Math.floor(Date.now() / 1_000);

function claims(changes: Record<string, unknown> = {}): JWTPayload {
  return {
    iss: `${server.origin}/${tenantId}/v2.0`,
    aud: CLIENT_ID,
    iat: now(),
    nbf: now(),
    exp: now() + 3_600,
    oid: "object-1",
    tid: tenantId,
    nonce: NONCE,
    preferred_username: "alice@contoso.test",
    name: "Alice",
    ...changes,
  };
}

function sign(payload: JWTPayload, header: { alg?: string; kid?: string } = {}) {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "RS256", kid, ...header })
    .sign(published.privateKey);
}

/** A token put together by hand, for what no library would sign. */
function forge(header: object, signature: (signed: string) => string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(claims())}`;
  return `${signed}.${signature(signed)}`;
}

const verify = (idToken: string, accountTypes?: AccountTypes) =>
  verifySignedIn(registration(accountTypes), { idToken, nonce: NONCE });

async function expectRefused(idToken: string, remedyId = "callback.id_token_invalid") {
  await expect(verify(idToken)).rejects.toMatchObject({ code: "invalid_grant", remedyId });
}

test("a token that is right tells who signed in", async () => {
  expect(await verify(await sign(claims()))).toEqual({
    objectId: "object-1",
    tenantId,
    username: "alice@contoso.test",
    displayName: "Alice",
  });
});

test("a response may name its issuer, and none but that of the token (RFC 9207)", async () => {
  const idToken = await sign(claims());
  const named = (issuer: string) =>
    verifySignedIn(registration(), { idToken, nonce: NONCE, issuer });
  expect(await named(`${server.origin}/${tenantId}/v2.0`)).toMatchObject({ tenantId });
  await expect(named(`${server.origin}/${TENANT_ID}/v2.0`)).rejects.toMatchObject({
    remedyId: "callback.id_token_invalid",
  });
});

test("an answer of any organisation may name a tenant of this cloud as its issuer, and nothing else", () => {
  const { origin } = server;
  const of = (accountTypes: AccountTypes) => (issuer: string) =>
    isIssuer({ ...registration(), accountTypes }, issuer);
  const another = `${origin}/${randomUUID()}/v2.0`;
  expect(of("organizations")(another)).toBe(true);
  expect(of("tenant")(another)).toBe(false);
  const never = [
    origin,
    `${origin}/common/v2.0`,
    `${another}/`,
    `https://evil.test/${tenantId}/v2.0`,
  ];
  expect(never.filter(of("organizations"))).toEqual([]);
  expect([...never, ""].filter(of("tenant"))).toEqual([]);
});

describe("a token is refused with", () => {
  test.each<[string, Record<string, unknown>]>([
    ["another audience", { aud: randomUUID() }],
    ["another issuer", { iss: "https://evil.test/v2.0" }],
    ["the issuer of another tenant", { iss: `https://localhost/${TENANT_ID}/v2.0` }],
    ["no issuer", { iss: undefined }],
    ["another nonce", { nonce: "other" }],
    ["no nonce", { nonce: undefined }],
    ["no object id", { oid: undefined }],
    ["no tenant id", { tid: undefined }],
    ["a tenant id that is none", { tid: "../common" }],
    ["nobody's name", { preferred_username: undefined }],
    ["a name of 300 characters", { preferred_username: "a".repeat(300) }],
    ["no end", { exp: undefined }],
    ["no time of issue", { iat: undefined }],
  ])("%s", async (_what, changes) => expectRefused(await sign(claims(changes))));

  test("a time that is over or has not come, and that is told as the clock's", async () => {
    const now = Math.floor(Date.now() / 1_000);
    for (const changes of [{ exp: now - 600 }, { nbf: now + 600 }])
      await expectRefused(await sign(claims(changes)), "callback.id_token_out_of_date");
  });

  test("the issuer and id of another tenant, where only this one may sign in", async () => {
    const tid = TENANT_ID;
    const other = { tid, iss: `${server.origin}/${tid}/v2.0` };
    await expectRefused(await sign(claims(other)));
    const token = await sign(claims(other));
    expect((await verify(token, "organizations")).tenantId).toBe(tid);
  });

  test("no signature", () => expectRefused(forge({ alg: "none", kid }, () => "")));

  test("a signature by the public key (alg HS256)", async () => {
    const secret = published.publicKey.export({ type: "spki", format: "pem" });
    const hmac = (signed: string) =>
      createHmac("sha256", secret).update(signed).digest("base64url");
    await expectRefused(forge({ alg: "HS256", kid }, hmac));
  });

  test("a signature by somebody else", async () => {
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: "RS256", kid })
      .sign(foreign.privateKey);
    await expectRefused(token);
  });

  test("claims that were changed after signing", async () => {
    const [header, , signature] = (await sign(claims())).split(".");
    const payload = Buffer.from(JSON.stringify(claims({ oid: "other" }))).toString("base64url");
    await expectRefused([header, payload, signature].join("."));
  });

  test("a key that nobody knows, asked for at most once a minute", async () => {
    await expectRefused(await sign(claims(), { kid: "unknown" }));
    const before = server.seen.length;
    await expectRefused(await sign(claims(), { kid: "unknown" }));
    expect(server.seen).toHaveLength(before);
  });

  test("a megabyte", async () => {
    await expectRefused(await sign(claims({ name: "x".repeat(1_048_576) })));
    expect(server.seen.filter((request) => request.includes(tenantId))).toEqual([]);
  });

  test.each(["", "a.b.c", "💥"])("nonsense: %j", (token) => expectRefused(token));

  test("keys that are not to be had", async () => {
    isDown = true;
    await expectRefused(await sign(claims()));
  });
});

test("a clock that is a little off is forgiven", async () => {
  const token = await sign(claims({ exp: now() - 100, nbf: now() + 100 }));
  expect((await verify(token)).objectId).toBe("object-1");
});
