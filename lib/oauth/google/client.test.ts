import { describe, expect, test } from "vitest";
import { GOOGLE_ERRORS, type GoogleErrorId } from "@/e2e/sandbox/google/google-error";
import { GOOGLE_REDIRECT_URI } from "@/e2e/sandbox/testing";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { isKnown } from "@/lib/remedies/catalogue";
import { withInstallation } from "@/lib/testing/sandbox";
import { shared } from "@/lib/testing/shared";
import { createPkcePair } from "../pkce";
import type { Registration } from "../service";
import { authorizationUrl, proveCredential, redeemCode, refreshTokens } from "./client";

const sandbox = withInstallation();
const GINA = "gina@gmail.test";
const DESK = "desk@wingtip.test";

function registration(changes: Partial<Registration> = {}): Registration {
  const { cloud, clientId, clientSecret } = sandbox().google;
  const credential = { kind: "client_secret", secret: clientSecret } as const;
  const rest = { tenantId: "", accountTypes: "tenant", credential } as const;
  return { service: "google", cloud, clientId, ...rest, ...changes };
}

/** Walks Google's pages as a person would. */
async function grant(account = GINA, { from = registration() } = {}) {
  const { codeVerifier, codeChallenge } = await createPkcePair();
  const nonce = "nonce";
  const url = await authorizationUrl(from, {
    redirectUri: GOOGLE_REDIRECT_URI,
    state: "state",
    nonce,
    codeChallenge,
    loginHint: account,
  });
  const body = new URLSearchParams({ account, consent: "accept", mail: "yes" });
  const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
  const callback = new URL(answer.headers.get("location") ?? "http://nowhere.test");
  const code = callback.searchParams.get("code") ?? "";
  return { code, redirectUri: GOOGLE_REDIRECT_URI, codeVerifier, nonce };
}

const signIn = async (account = GINA) => redeemCode(registration(), await grant(account));

describe("signing a Gmail account in", () => {
  test("takes a code with its nonce", async () => {
    const asked = { ...(await grant()), nonce: "another" };
    await expect(redeemCode(registration(), asked)).rejects.toThrow();
  });

  test("takes people of the provider's domain only, where it names one", async () => {
    const wingtip = registration({ tenantId: "wingtip.test" });
    const { identity } = await redeemCode(wingtip, await grant(DESK, { from: wingtip }));
    expect(identity.tenantId).toBe("wingtip.test");
    const foreign = redeemCode(wingtip, await grant(GINA, { from: wingtip }));
    await expect(foreign).rejects.toMatchObject({ remedyId: "callback.id_token_invalid" });
  });

  test("brings a token that is renewed; the refresh token stays as it is", async () => {
    const { tokens, identity, missingScopes: missing } = await signIn();
    expect(identity).toMatchObject({ username: GINA, displayName: "Gina Park" });
    expect([identity.tenantId, missing]).toEqual(["gmail.com", []]);
    const lifeMs = tokens.expiresAt.getTime() - Date.now();
    expect(lifeMs).toBeGreaterThan(50 * MINUTE_MS);
    expect(lifeMs).toBeLessThanOrEqual(HOUR_MS);
    const renewed = await refreshTokens(registration(), tokens.cache, identity);
    expect(renewed.accessToken).not.toBe(tokens.accessToken);
    expect(renewed.cache).toBe(tokens.cache);
  });
});

test("a client secret of an unknown client is told as such", async () => {
  const unknown = registration({ clientId: "1-gone.apps.googleusercontent.com" });
  const remedyId = "google.client_unknown";
  await expect(proveCredential(unknown)).rejects.toMatchObject({ remedyId });
});

describe("whatever Google refuses", () => {
  const all = Object.keys(GOOGLE_ERRORS) as GoogleErrorId[];
  const AT_TOKEN = all.filter((id) => id !== "unsupported_grant");
  const signedIn = shared(() => signIn());
  test.each(AT_TOKEN)("%s is explained", async (id) => {
    const { tokens, identity } = signedIn;
    sandbox().faults.set(`google:${id}`, { at: "token" });
    const refused: unknown = await refreshTokens(registration(), tokens.cache, identity).catch(
      (error: unknown) => error,
    );
    const { remedyId } = refused as { remedyId: string };
    expect(isKnown(remedyId)).toBe(true);
    expect(remedyId).toMatch(/^(?:google|postkey)\.(?!unexpected)/);
  });
});
