import { SignJWT } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { findUser } from "@/lib/http/auth/session";
import { requireRecentProof } from "@/lib/kernel/actor";
import { fromNow, HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { findSession } from "@/lib/people/administrators/store";
import { recheckOne } from "@/lib/people/company/leaving/mutations";
import { closeBrowser } from "@/lib/testing/browser";
import { jar } from "@/lib/testing/browser-cookies";
import type { LyingCompany } from "@/lib/testing/lying-company";
import { ask, comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { answerTo, invite, refused, withLiar } from "@/lib/testing/with-company";

const { company, comes } = withLiar({ rechecks: true });
const OTHER = "https://login.microsoftonline.com/other/v2.0";

async function expectNothingStored(): Promise<void> {
  expect(await db().administrator.count()).toBe(0);
  expect(await db().session.count()).toBe(0);
  expect(jar.has("postkey.session")).toBe(false);
}

const at = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
const unsigned = (claims: object) =>
  `${[{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;

describe("what is wrong with the token is refused, and nothing is stored:", () => {
  test.each<[string, LyingCompany["lies"], string]>([
    ["another issuer", { claims: { iss: OTHER } }, "token_invalid"],
    ["another audience", { claims: { aud: "somebody-else" } }, "token_invalid"],
    ["two audiences without azp", { claims: { aud: ["postkey", "other"] } }, "token_invalid"],
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
    ["no groups at all", { claims: { groups: undefined } }, "claim_missing"],
  ])("%s", async (_what, lies, remedy) => {
    company().lies = lies;
    expect(refused(await comes())).toBe(`company.${remedy}`);
    await expectNothingStored();
  });
});

test.each([
  ["a time that there is not", { auth_time: 1e300 }],
  ["a session with NUL in it", { sid: "a\0b" }],
])("what is beside the token is held to the same: %s", async (_what, told) => {
  const email = "mallory@contoso.test";
  company().lies = {
    metadata: { userinfo_endpoint: `${company().issuer}/userinfo` },
    claims: { email: undefined, groups: undefined },
    userinfo: { sub: "mallory", email, groups: ["ops"], ...told },
  };
  expect(refused(await comes())).toBe("company.token_invalid");
  await expectNothingStored();
});

test("an address that is named beside the token is not verified by what the token says of none", async () => {
  const email = "mallory@contoso.test";
  await invite("named", email);
  company().lies = {
    metadata: { userinfo_endpoint: `${company().issuer}/userinfo` },
    claims: { email: undefined, email_verified: true, groups: undefined },
    userinfo: { sub: "mallory", email, email_verified: false, groups: ["ops"] },
  };
  const named = { purpose: "invitation", token: "named" };
  expect(refused(await comes(named))).toBe("company.invitation_foreign");
  await expectNothingStored();
});

test.each(["RS512", "PS256", "ES256", "ES384", "EdDSA"])(
  "a token that is signed with %s is as good",
  async (algorithm) => {
    company().lies = { algorithm };
    expect((await comes()).pathname).toBe("/");
    expect(await db().session.count()).toBe(1);
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
  ])("%s", async (_what, lies, remedy) => {
    company().lies = lies;
    expect(refused(await pressCompany("other"))).toBe(`company.${remedy}`);
  });

  test.each<[string, LyingCompany["lies"]["token"], string]>([
    ["a wrong secret", { status: 401, body: { error: "invalid_client" } }, "client_refused"],
    ["a spent code", { status: 400, body: { error: "invalid_grant" } }, "code_refused"],
    ["a refusal", { status: 400, body: { error: "unauthorized" } }, "refused"],
    ["an error of its own", { status: 502, body: "Bad gateway" }, "unreachable"],
    ["tokens of megabytes", { body: "x".repeat(5_000_000) }, "unreachable"],
    ["no token", { body: {} }, "token_invalid"],
    ["HTML", { body: "<h1>Hello</h1>" }, "token_invalid"],
  ])("at the token endpoint: %s", async (_what, token, remedy) => {
    company().lies = { ...(token && { token }) };
    expect(refused(await comes())).toBe(`company.${remedy}`);
    await expectNothingStored();
  });

  test("one that is gone does not keep a password out", async () => {
    company().lies = { discovery: { status: 503, body: "" } };
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
    expect(refused(await comes({}, changes))).toBe(`company.${remedy}`);
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
    await fail("203.0.113.7");
    // As if it had failed so often before.
    await db().signInThrottle.updateMany({ data: { failures: 29 } });
    await fail("203.0.113.7");
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
    scope: "openid profile email offline_access",
    redirect_uri: "http://localhost:3000/api/auth/callback/other",
    response_type: "code",
    code_challenge_method: "S256",
  });
  expect(searchParams.has("prompt")).toBe(false);
});

test("no sign-in begins without the token of our own page", async () => {
  const reply = await ask("/api/auth/signin/other", { csrfToken: "none", json: "true" });
  expect((await reply.json()).url).not.toContain(company().issuer);
  expect([...jar.keys()].filter((name) => name.includes("state"))).toEqual([]);
});

test("an address that equals somebody's links nothing", async () => {
  await db().administrator.create({
    data: { email: "mallory@contoso.test", name: "The real one", passwordHash: "-" },
  });
  expect(refused(await comes())).toBe("company.address_taken");
  expect(await db().administratorIdentity.count()).toBe(0);
  expect(await db().session.count()).toBe(0);
});

describe("a person who may still come, asked of the company,", () => {
  async function signIn(): Promise<void> {
    expect((await comes()).pathname).toBe("/");
  }

  async function recheck(status: number, said: string, before = async () => {}) {
    const [error = "", ...told] = said.split(" ");
    const body = { error, error_description: told.join(" ") };
    company().lies = { token: { status, body, before } };
    await db().session.updateMany({ data: { recheckAt: new Date(0) } });
    expect(await recheckOne()).toBe(true);
    const include = { sessions: true } as const;
    const { disabledAt, sessions } = await db().administrator.findFirstOrThrow({ include });
    return { isDisabled: disabledAt !== null, sessions: sessions.length };
  }

  test.each([
    "AADSTS50057: The user account is disabled.",
    "AADSTS50034: The user account does not exist in the directory.",
    "The refresh token is invalid or expired.",
    // Keycloak's word also for a person who was deleted.
    "Session not active",
  ])("is gone, and disabled: %s", async (told) => {
    await signIn();
    const after = await recheck(400, `invalid_grant ${told}`);
    expect(after).toEqual({ isDisabled: true, sessions: 0 });
  });

  test("keeps everything while the company is changed", async () => {
    await signIn();
    const after = await recheck(400, "invalid_grant AADSTS50057", async () => {
      await db().companySignIn.updateMany({ data: { version: { increment: 1 } } });
    });
    expect(after).toEqual({ isDisabled: false, sessions: 1 });
  });

  test.each([
    "invalid_grant AADSTS70043: The refresh token has expired due to sign-in frequency checks.",
    "invalid_grant AADSTS50173: The provided grant has expired due to it being revoked.",
    "interaction_required AADSTS50076: You must use multi-factor authentication.",
    "invalid_grant Token is not active",
  ])("has to sign in again, and the trail says why: %s", async (told) => {
    await signIn();
    expect(await recheck(400, told)).toEqual({ isDisabled: false, sessions: 0 });
    const ended = await db().auditEvent.findFirstOrThrow({
      where: { action: "session.end_by_company" },
      orderBy: { id: "desc" },
    });
    expect(ended.detail).toMatchObject({ cause: "company.sign_in_expired", told });
    company().tellTruth();
    await signIn();
  });

  test.each([
    [401, "invalid_client AADSTS7000222: The client secret keys are expired."],
    [503, "temporarily_unavailable Try again."],
  ])("works on where the company answers %i %s", async (status, told) => {
    await signIn();
    expect(await recheck(status, told)).toEqual({ isDisabled: false, sessions: 1 });
  });

  test("is asked about every five minutes, and at once where a clock ran ahead", async () => {
    await signIn();
    expect(await recheckOne()).toBe(false);
    await db().session.updateMany({ data: { recheckAt: fromNow(HOUR_MS) } });
    expect(await recheckOne()).toBe(true);
    expect(await recheckOne()).toBe(false);
  });
});

const PROOF = { purpose: "proof" };
const secondsAgo = (seconds: number) => at(-seconds);
const onlySession = () => db().session.findFirstOrThrow();
const isProven = async () => (await findSession((await onlySession()).id))?.isProvenLately;

describe("a company that does not ask the person again", () => {
  beforeEach(async () => {
    await comes();
    await db().session.updateMany({ data: { provenAt: new Date(0) } });
  });

  test.each<[string, LyingCompany["lies"], string]>([
    [
      "because they are signed in there",
      { claims: { auth_time: secondsAgo(600) } },
      "auth_time_old",
    ],
    [
      "by its clock, while one of the two is five minutes off",
      { claims: { auth_time: secondsAgo(301), iat: secondsAgo(300) } },
      "clock_wrong",
    ],
    ["in five minutes, by its clock", { claims: { auth_time: secondsAgo(-300) } }, "clock_wrong"],
    ["and does not say when they signed in", {}, "auth_time_missing"],
    ["and says it in words", { claims: { auth_time: "now" } }, "token_invalid"],
  ])("%s proves nothing", async (_why, lies, remedy) => {
    company().lies = lies;
    expect(refused(await comes(PROOF))).toBe(`company.${remedy}`);
    expect(await isProven()).toBe(false);
  });

  test("is not believed what is beside the signed answer", async () => {
    company().lies = { metadata: { userinfo_endpoint: `${company().issuer}/userinfo` } };
    const before = company().requests.length;
    expect(refused(await comes(PROOF))).toBe("company.auth_time_missing");
    expect(company().requests.slice(before)).not.toContain("GET /userinfo");
  });

  test("and one that did is believed, with a clock that differs by less than a minute", async () => {
    const signedInAt = secondsAgo(40);
    company().lies = { claims: { auth_time: signedInAt } };
    expect((await comes(PROOF)).pathname).toBe("/confirm");
    expect(await isProven()).toBe(true);
    // The ten minutes begin when the person signed in there, not when they came back.
    expect((await onlySession()).provenAt).toEqual(new Date(signedInAt * 1_000));
  });
});

test("a sign-in by a company that knew the person since the morning proves nothing dangerous", async () => {
  company().lies = { claims: { auth_time: secondsAgo(3_600) } };
  await comes();
  const user = await findUser();
  expect(user).toMatchObject({ kind: "user", isProvenLately: false });
  expect(() => user && requireRecentProof(user)).toThrow("Confirm that it's you.");
});
