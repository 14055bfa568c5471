import { randomBytes } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createInvitation } from "@/lib/access/invitations/store";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { forgetProvider } from "@/lib/oauth/openid/keys";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser } from "@/lib/testing/browser";
import { jar } from "@/lib/testing/browser-cookies";
import { companyInUse } from "@/lib/testing/company";
import { type LyingCompany, startLyingCompany } from "@/lib/testing/lying-company";
import { ask, comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { withInstallation } from "@/lib/testing/sandbox";

const sandbox = withInstallation();
const ada = administrator();
const OTHER = "https://login.microsoftonline.com/other/v2.0";
let company: LyingCompany;

beforeAll(async () => {
  company = await startLyingCompany(sandbox().stateDir);
  await companyInUse(ada, company);
});
afterAll(() => company.close());
beforeEach(async () => {
  closeBrowser();
  company.tellTruth();
  forgetProvider(company.issuer);
  await db().signInThrottle.deleteMany();
});

/** Leaves for the company and comes back with an answer. */
async function goAndReturn(changes: Record<string, string> = {}): Promise<URL> {
  const away = await pressCompany("other");
  company.nonce = away.searchParams.get("nonce") ?? "";
  return comeBack(answerTo(away, changes));
}

function answerTo(away: URL, changes: Record<string, string> = {}): URL {
  const back = new URL("http://localhost:3000/api/auth/callback/other");
  const state = away.searchParams.get("state") ?? "";
  back.search = `${new URLSearchParams({ code: randomBytes(8).toString("hex"), state, ...changes })}`;
  return back;
}

async function expectNothingStored(): Promise<void> {
  expect(await db().administrator.count()).toBe(0);
  expect(await db().session.count()).toBe(0);
  expect(jar.has("postkey.session")).toBe(false);
}

const refused = (url: URL) => url.searchParams.get("refused");
const at = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
const unsigned = (claims: object) =>
  `${[{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;

describe("what is wrong with the token is refused, and nothing is stored:", () => {
  test.each<[string, LyingCompany["lies"], string]>([
    ["another issuer", { claims: { iss: OTHER } }, "token_invalid"],
    ["another audience", { claims: { aud: "somebody-else" } }, "token_invalid"],
    [
      "several audiences without azp",
      { claims: { aud: ["postkey", "somebody-else"] } },
      "token_invalid",
    ],
    ["an azp that is another application", { claims: { azp: "somebody-else" } }, "token_invalid"],
    [
      "a key that is too short",
      { keys: [{ kty: "RSA", kid: "RS256", alg: "RS256", n: "AQAB", e: "AQAB" }] },
      "token_invalid",
    ],
    ["another nonce", { claims: { nonce: "another" } }, "token_invalid"],
    ["no signature", { sign: unsigned }, "token_invalid"],
    [
      "a signature by the client secret",
      {
        sign: (claims) =>
          new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.alloc(32, "x")),
      },
      "token_invalid",
    ],
    ["no subject", { claims: { sub: "" } }, "token_invalid"],
    ["a clock that is five minutes behind", { claims: { exp: at(-300) } }, "clock_wrong"],
    ["a clock that is five minutes ahead", { claims: { iat: at(300) } }, "clock_wrong"],
    ["a time of issue that there is not", { claims: { iat: -1e15 } }, "token_invalid"],
    ["none of the groups that have a role", { claims: { groups: [] } }, "no_role"],
    ["groups that are no names", { claims: { groups: [{ name: "ops" }] } }, "claim_missing"],
    ["no groups at all", { claims: { groups: undefined } }, "claim_missing"],
    [
      "groups that are elsewhere",
      { claims: { groups: undefined, _claim_names: { groups: "src1" } } },
      "groups_overflow",
    ],
    ["too many groups", { claims: { groups: undefined, hasgroups: true } }, "groups_overflow"],
  ])("%s", async (_what, lies, remedy) => {
    company.lies = lies;
    expect(refused(await goAndReturn())).toBe(`company.${remedy}`);
    await expectNothingStored();
  });
});

test.each([
  ["a time that there is not", { auth_time: 1e300 }],
  ["a session with NUL in it", { sid: "a\0b" }],
])("what is beside the token is held to the same: %s", async (_what, told) => {
  const email = "mallory@contoso.test";
  company.lies = {
    metadata: { userinfo_endpoint: `${company.issuer}/userinfo` },
    claims: { email: undefined, groups: undefined },
    userinfo: { sub: "mallory", email, groups: ["ops"], ...told },
  };
  expect(refused(await goAndReturn())).toBe("company.token_invalid");
  await expectNothingStored();
});

test("an address that is named beside the token is not verified by what the token says of none", async () => {
  const email = "mallory@contoso.test";
  await db().$transaction((tx) =>
    createInvitation(tx, {
      tokenHash: hashToken("named"),
      invitedById: ada.id,
      invitedByName: "Ada",
      role: "operator",
      email,
      name: null,
    }),
  );
  company.lies = {
    metadata: { userinfo_endpoint: `${company.issuer}/userinfo` },
    claims: { email: undefined, email_verified: true, groups: undefined },
    userinfo: { sub: "mallory", email, email_verified: false, groups: ["ops"] },
  };
  const away = await pressCompany("other", { purpose: "invitation", token: "named" });
  company.nonce = away.searchParams.get("nonce") ?? "";
  expect(refused(await comeBack(answerTo(away)))).toBe("company.invitation_foreign");
  await expectNothingStored();
});

test.each(["RS512", "PS256", "ES256", "ES384", "EdDSA"])(
  "a token that is signed with %s is as good",
  async (algorithm) => {
    company.lies = { algorithm };
    expect((await goAndReturn()).pathname).toBe("/");
    expect(await db().session.count()).toBe(1);
    await db().administrator.deleteMany();
  },
);

describe("what is wrong with the provider is explained:", () => {
  test.each<[string, LyingCompany["lies"], string]>([
    ["another issuer", { metadata: { issuer: OTHER } }, "issuer_differs"],
    ["HTML", { discovery: { body: "<h1>Wi-Fi</h1>" } }, "no_discovery"],
    ["nothing there", { discovery: { status: 404, body: "" } }, "no_discovery"],
    ["an error of its own", { discovery: { status: 503, body: "" } }, "unreachable"],
    ["a document of megabytes", { discovery: { body: "x".repeat(5_000_000) } }, "unreachable"],
    ["a plain page", { metadata: { authorization_endpoint: "http://x.test/" } }, "no_discovery"],
    ["a plain token endpoint", { metadata: { token_endpoint: "http://x.test/" } }, "no_discovery"],
    ["silence", { discovery: { body: "{}", afterMs: 9_000 } }, "unreachable"],
  ])(
    "%s",
    async (_what, lies, remedy) => {
      company.lies = lies;
      expect(refused(await pressCompany("other"))).toBe(`company.${remedy}`);
    },
    60_000,
  );

  test.each<[string, LyingCompany["lies"]["token"], string]>([
    ["a wrong secret", { status: 401, body: { error: "invalid_client" } }, "client_refused"],
    ["a spent code", { status: 400, body: { error: "invalid_grant" } }, "code_refused"],
    ["a refusal", { status: 400, body: { error: "unauthorized" } }, "refused"],
    ["an error of its own", { status: 502, body: "Bad gateway" }, "unreachable"],
    ["tokens of megabytes", { body: "x".repeat(5_000_000) }, "unreachable"],
    ["no token", { body: {} }, "token_invalid"],
    ["HTML", { body: "<h1>Hello</h1>" }, "token_invalid"],
  ])("at the token endpoint: %s", async (_what, token, remedy) => {
    company.lies = { ...(token && { token }) };
    expect(refused(await goAndReturn())).toBe(`company.${remedy}`);
    await expectNothingStored();
  });

  test("one that is gone does not keep a password out", async () => {
    company.lies = { discovery: { status: 503, body: "" } };
    expect((await ask("/api/auth/providers")).status).toBe(200);
    expect((await ask("/api/auth/csrf")).status).toBe(200);
  });
});

describe("an answer", () => {
  test.each<[string, Record<string, string>, string]>([
    ["with the state of another sign-in", { state: "another" }, "answer_foreign"],
    ["that names another issuer", { iss: OTHER }, "answer_foreign"],
    ["that was cancelled", { error: "access_denied" }, "cancelled"],
    ["with an error", { error: "server_error" }, "refused"],
  ])("%s is refused", async (_what, changes, remedy) => {
    expect(refused(await goAndReturn(changes))).toBe(`company.${remedy}`);
    await expectNothingStored();
  });

  test("without the cookies of this browser is refused", async () => {
    const away = await pressCompany("other");
    closeBrowser();
    expect(refused(await comeBack(answerTo(away)))).toBe("company.not_completed");
    await expectNothingStored();
  });

  test("to a sign-in that was followed by another is refused", async () => {
    const first = await pressCompany("other");
    await pressCompany("other");
    expect(refused(await comeBack(answerTo(first)))).toBe("company.answer_foreign");
  });

  test("that fails again and again makes its address wait, and no other", async () => {
    env().trustProxy = { hops: 1 };
    const fail = async (address: string) => {
      await pressCompany("other");
      const back = new URL("http://localhost:3000/api/auth/callback/other?error=x");
      return refused(await comeBack(back, { "x-forwarded-for": address }));
    };
    for (let failures = 0; failures < 30; failures += 1) await fail("203.0.113.7");
    expect(await fail("203.0.113.7")).toBe("company.too_many");
    expect(await fail("198.51.100.7")).not.toBe("company.too_many");
    env().trustProxy = undefined;
  });
});

test("what the address asks for beside counts for nothing", async () => {
  const { csrfToken } = await (await ask("/api/auth/csrf")).json();
  const query = "scope=openid+admin&prompt=none&redirect_uri=https://evil.test&response_type=token";
  const reply = await ask(`/api/auth/signin/other?${query}`, { csrfToken, json: "true" });
  const { searchParams } = new URL((await reply.json()).url);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    scope: "openid profile email",
    redirect_uri: "http://localhost:3000/api/auth/callback/other",
    response_type: "code",
    code_challenge_method: "S256",
  });
  expect(searchParams.has("prompt")).toBe(false);
});

test("no sign-in begins without the token of our own page", async () => {
  const reply = await ask("/api/auth/signin/other", { csrfToken: "none", json: "true" });
  expect((await reply.json()).url).not.toContain(company.issuer);
  expect([...jar.keys()].filter((name) => name.includes("state"))).toEqual([]);
});

test("an address that equals somebody's links nothing", async () => {
  await db().administrator.create({
    data: { email: "mallory@contoso.test", name: "The real one", passwordHash: "-" },
  });
  expect(refused(await goAndReturn())).toBe("company.address_taken");
  expect(await db().administratorIdentity.count()).toBe(0);
  expect(await db().session.count()).toBe(0);
  await db().administrator.deleteMany();
});
