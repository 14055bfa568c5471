import { describe, expect, test, vi } from "vitest";
import { walkSignIn } from "@/e2e/sandbox/walk-sign-in";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { registered, tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE } from "@/lib/testing/sign-in";
import { createPkcePair } from "../pkce";
import type { Registration } from "../service";
import { authorizationUrl, proveCredential, redeemCode, refreshTokens } from "./client";
import { missingScopes } from "./mail-tokens";

const sandbox = withInstallation();
const REDIRECT_URI = "http://localhost:3000/api/cloudProviders/oauth2/microsoft/callback";

const registration = (changes: Partial<Registration> = {}): Registration => ({
  ...registered(sandbox()),
  ...changes,
});
const multiTenant = () =>
  registration({
    ...registered(sandbox(), sandbox().multiTenantRegistration),
    accountTypes: "organizations_and_personal",
  });

async function grant(from = registration(), account = ALICE) {
  const { codeVerifier, codeChallenge } = await createPkcePair();
  const [state, nonce] = ["state", "nonce"];
  const request = { redirectUri: REDIRECT_URI, state, nonce, codeChallenge };
  const callback = await walkSignIn((await authorizationUrl(from, request)).href, { account });
  const code = callback?.searchParams.get("code") ?? "";
  return { code, redirectUri: REDIRECT_URI, codeVerifier, nonce };
}

const signIn = async (from = registration(), account = ALICE) =>
  (await redeemCode(from, await grant(from, account))).tokens;

const NOBODY = { objectId: "", tenantId: "" };

/** As the person who signed in, in MSAL's form. */
async function renew(from: Registration, cache: string) {
  const [account]: { local_account_id: string; realm: string }[] = Object.values(
    JSON.parse(cache).Account,
  );
  const { local_account_id: objectId = "", realm: tenantId = "" } = account ?? {};
  return refreshTokens(from, cache, { objectId, tenantId });
}

describe("redeeming a code", () => {
  test("brings tokens, the granted scopes and an id_token", async () => {
    const tokens = await signIn();
    expect(tokens.accessToken.split(".")).toHaveLength(3);
    expect(tokens.idToken.split(".")).toHaveLength(3);
    expect(missingScopes(tokens.scopes)).toEqual([]);
    const lifeMs = tokens.expiresAt.getTime() - Date.now();
    expect(lifeMs).toBeGreaterThan(55 * MINUTE_MS);
    expect(lifeMs).toBeLessThanOrEqual(90 * MINUTE_MS);
  });
});

describe("refreshing", () => {
  test.each(["pat@outlook.test", "erin@northwind.test"])(
    "works for %s, who is of another tenant",
    async (account) => {
      const { cache, accessToken } = await signIn(multiTenant(), account);
      expect((await renew(multiTenant(), cache)).accessToken).not.toBe(accessToken);
    },
  );

  test("asks nobody without a refresh token", async () => {
    const before = tokenRequests(sandbox(), "refresh_token");
    await expect(refreshTokens(registration(), "{}", NOBODY)).rejects.toMatchObject({
      kind: "sign_in_again",
      remedyId: "postkey.no_refresh_token",
    });
    const { cache } = await signIn();
    const without = JSON.stringify({ ...JSON.parse(cache), RefreshToken: {} });
    await expect(refreshTokens(registration(), without, NOBODY)).rejects.toMatchObject({
      kind: "sign_in_again",
      remedyId: "postkey.no_refresh_token",
    });
    expect(tokenRequests(sandbox(), "refresh_token")).toBe(before);
  });

  test("keeps the old refresh token when the answer has none", async () => {
    const { cache } = await signIn();
    sandbox().faults.set("no_refresh_token");
    const second = await renew(registration(), cache);
    const third = await renew(registration(), second.cache);
    expect(third.accessToken).not.toBe(second.accessToken);
    // The cache before it still works.
    expect((await renew(registration(), cache)).accessToken).not.toBe(third.accessToken);
  });

  test("brings a token that lives as long as its answer says, also when the clock is set back meanwhile", async () => {
    const { cache } = await signIn();
    const before = tokenRequests(sandbox(), "refresh_token");
    sandbox().faults.set("slow", { seconds: 60 });
    const renewing = renew(registration(), cache);
    await expect.poll(() => tokenRequests(sandbox(), "refresh_token")).toBe(before + 1);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - HOUR_MS });
    sandbox().faults.clearAll();
    try {
      const lifeMs = (await renewing).expiresAt.getTime() - Date.now();
      expect(lifeMs).toBeGreaterThan(55 * MINUTE_MS);
      expect(lifeMs).toBeLessThanOrEqual(90 * MINUTE_MS);
    } finally {
      vi.useRealTimers();
    }
  });

  test("keeps the tokens of one person: two caches never meet", async () => {
    const [alice, bob] = [await signIn(), await signIn(registration(), "bob@contoso.test")];
    expect(alice.cache).not.toContain("bob@contoso.test");
    expect(bob.cache).not.toContain(ALICE);
  });
});

describe("proving a credential", () => {
  test("succeeds for an app of every kind", async () => {
    for (const app of [multiTenant(), registered(sandbox(), sandbox().serviceRegistration)])
      await proveCredential(app);
  });

  test.each([
    [65001, "consent_required"],
    [70011, "invalid_scope"],
  ])("succeeds when the app merely has no permissions of its own (AADSTS%d)", async (number) => {
    sandbox().faults.set(`raise:${number}`);
    await proveCredential(registration());
  });

  test.each([
    ["blocked_403", "postkey.malformed_token_response"],
    ["empty_json", "postkey.malformed_token_response"],
    ["raise:53003", undefined],
    ["raise:7000222", "AADSTS7000222"],
    ["raise:90033", "AADSTS90033"],
    ["raise:50173", "AADSTS50173"],
  ])(
    "%s: what is not known to come after the client's authentication proves nothing",
    async (...[fault, remedyId]) => {
      sandbox().faults.set(fault);
      const proof = proveCredential(registration());
      if (remedyId === undefined) await proof;
      else await expect(proof).rejects.toMatchObject({ remedyId });
    },
  );
});

test("permissions are compared by name, without regard to host and case", () => {
  const scopes = ["https://x/imap.accessasuser.all", "SMTP.Send"];
  expect(missingScopes(scopes)).toEqual(["POP.AccessAsUser.All"]);
});
