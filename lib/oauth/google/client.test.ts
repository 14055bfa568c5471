import { beforeAll, describe, expect, test } from "vitest";
import { GOOGLE_ERRORS, type GoogleErrorId } from "@/e2e/sandbox/google/google-error";
import { GOOGLE_REDIRECT_URI } from "@/e2e/sandbox/testing";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { isKnown } from "@/lib/remedies/catalogue";
import { withInstallation } from "@/lib/testing/sandbox";
import { createPkcePair } from "../pkce";
import type { Registration } from "../service";
import { authorizationUrl, proveCredential, redeemCode, refreshTokens } from "./client";
import { acquireForMailbox } from "./service-account";

const sandbox = withInstallation();
const GINA = "gina@gmail.test";
const DESK = "desk@wingtip.test";
/** Who signs in where a service account opens mailboxes. */
const NOBODY = { objectId: "", tenantId: "" };

function registration(changes: Partial<Registration> = {}): Registration {
  const { cloud, clientId, clientSecret } = sandbox().google;
  return {
    service: "google",
    cloud,
    clientId,
    tenantId: "",
    accountTypes: "tenant",
    credential: { kind: "client_secret", secret: clientSecret },
    ...changes,
  };
}

function serviceAccount(changes: Record<string, string> = {}): Registration {
  const key: Record<string, string> = JSON.parse(sandbox().google.serviceAccountKey);
  return registration({
    credential: {
      kind: "service_account",
      clientEmail: key.client_email ?? "",
      keyId: key.private_key_id ?? "",
      privateKey: key.private_key ?? "",
      ...changes,
    },
  });
}

/** Walks Google's pages as a person would. */
async function grant(account = GINA, { mail = "yes", from = registration() } = {}) {
  const { codeVerifier, codeChallenge } = await createPkcePair();
  const nonce = "nonce";
  const url = await authorizationUrl(from, {
    redirectUri: GOOGLE_REDIRECT_URI,
    state: "state",
    nonce,
    codeChallenge,
    loginHint: account,
  });
  const body = new URLSearchParams({ account, consent: "accept", mail });
  const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
  const callback = new URL(answer.headers.get("location") ?? "http://nowhere.test");
  const code = callback.searchParams.get("code") ?? "";
  return { code, redirectUri: GOOGLE_REDIRECT_URI, codeVerifier, nonce };
}

const signIn = async (account = GINA) => redeemCode(registration(), await grant(account));

describe("signing a Gmail account in", () => {
  test("brings a token for the whole mailbox, one that lasts, and who it was", async () => {
    const { identity, tokens, missingScopes: missing } = await signIn();
    expect(identity).toMatchObject({
      username: GINA,
      displayName: "Gina Park",
      tenantId: "gmail.com",
    });
    expect(tokens.accessToken).toMatch(/^ya29\./);
    expect(missing).toEqual([]);
    const lifeMs = tokens.expiresAt.getTime() - Date.now();
    expect(lifeMs).toBeGreaterThan(50 * MINUTE_MS);
    expect(lifeMs).toBeLessThanOrEqual(HOUR_MS);
  });

  test("without the box for mail is no sign-in", async () => {
    const asked = await grant(GINA, { mail: "no" });
    await expect(redeemCode(registration(), asked)).rejects.toMatchObject({
      remedyId: "callback.mail_not_granted",
    });
  });

  test("takes a code once, with its verifier and its nonce", async () => {
    const first = await grant();
    await redeemCode(registration(), first);
    await expect(redeemCode(registration(), first)).rejects.toMatchObject({
      remedyId: "google.code_spent",
    });
    const { codeVerifier } = await createPkcePair();
    await expect(
      redeemCode(registration(), { ...(await grant()), codeVerifier }),
    ).rejects.toMatchObject({ kind: "sign_in_again" });
    await expect(
      redeemCode(registration(), { ...(await grant()), nonce: "another" }),
    ).rejects.toThrow();
  });

  test("takes people of the provider's domain only, where it names one", async () => {
    const wingtip = registration({ tenantId: "wingtip.test" });
    const { identity } = await redeemCode(wingtip, await grant(DESK, { from: wingtip }));
    expect(identity.tenantId).toBe("wingtip.test");
    await expect(redeemCode(wingtip, await grant(GINA, { from: wingtip }))).rejects.toMatchObject({
      remedyId: "callback.id_token_invalid",
    });
  });
});

describe("renewing", () => {
  test("brings another access token; the refresh token stays as it is", async () => {
    const { tokens, identity } = await signIn();
    const renewed = await refreshTokens(registration(), tokens.cache, identity);
    expect(renewed.accessToken).toMatch(/^ya29\./);
    expect(renewed.cache).toBe(tokens.cache);
  });
});

describe("a client secret", () => {
  test("is proved without anybody signing in", async () => {
    await expect(proveCredential(registration())).resolves.toBeUndefined();
  });

  test("that is wrong, or of an unknown client, is told as such", async () => {
    const wrong = registration({ credential: { kind: "client_secret", secret: "GOCSPX-wrong" } });
    await expect(proveCredential(wrong)).rejects.toMatchObject({
      remedyId: "google.client_secret_wrong",
    });
    const unknown = registration({ clientId: "1-gone.apps.googleusercontent.com" });
    await expect(proveCredential(unknown)).rejects.toMatchObject({
      remedyId: "google.client_unknown",
    });
  });
});

describe("a service account", () => {
  test("opens the mailboxes of a domain that delegated to it", async () => {
    await expect(proveCredential(serviceAccount())).resolves.toBeUndefined();
    const tokens = await acquireForMailbox(serviceAccount(), DESK);
    const renewed = await refreshTokens(serviceAccount(), tokens.cache, NOBODY);
    expect(renewed.accessToken).toMatch(/^ya29\./);
  });

  test.each([
    [GINA, "google.not_delegated"],
    ["nobody@wingtip.test", "google.mailbox_unknown"],
  ])("does not open %s, which is no fault of the others", async (mailbox, remedyId) => {
    const acquired = acquireForMailbox(serviceAccount(), mailbox);
    await expect(acquired).rejects.toMatchObject({ kind: "sign_in_again", remedyId });
  });
});

describe("whatever Google refuses", () => {
  const AT_TOKEN = (Object.keys(GOOGLE_ERRORS) as GoogleErrorId[]).filter(
    (id) => id !== "unsupported_grant",
  );
  let signedIn: Awaited<ReturnType<typeof signIn>>;
  beforeAll(async () => {
    signedIn = await signIn();
  });
  test.each(AT_TOKEN)("%s is explained", async (id) => {
    const { tokens, identity } = signedIn;
    sandbox().faults.set(`google:${id}`, { at: "token" });
    const refused: unknown = await refreshTokens(registration(), tokens.cache, identity).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ remedyId: expect.stringMatching(/^(google|postkey)\./) });
    expect(isKnown((refused as { remedyId: string }).remedyId)).toBe(true);
    expect((refused as { remedyId: string }).remedyId).not.toBe("postkey.unexpected");
  });
});
