import { UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLIENT, NONCE, startAnsweringPlatform, TENANT } from "@/lib/testing/answering-platform";
import { withInstallation } from "@/lib/testing/sandbox";
import { google } from "./google/service";
import { microsoft } from "./microsoft/service";
import type { Registration } from "./service";

/** A platform that answers a renewal as it likes: with another person's tokens, or none for mail. */
const sandbox = withInstallation();
let platform: Awaited<ReturnType<typeof startAnsweringPlatform>>;
let cache: string;

const ALICE = { objectId: "o", tenantId: TENANT };
const GINA = { objectId: "s", tenantId: "gmail.com" };
const ELSEWHERE = "99999999-9999-4999-8999-999999999999";

beforeAll(async () => {
  platform = await startAnsweringPlatform(sandbox().stateDir, sandbox().cloud);
  answer();
  const grant = { code: "code", redirectUri: "https://postkey.test/callback", nonce: NONCE };
  const signIn = microsoft.redeemCode(registration(), { ...grant, codeVerifier: "v".repeat(43) });
  ({ cache } = (await signIn).tokens);
});
afterAll(() => platform.close());

function registration(changes: Partial<Registration> = {}): Registration {
  return {
    service: "microsoft_azure",
    cloud: platform.cloud,
    accountTypes: "tenant",
    clientId: CLIENT,
    tenantId: TENANT,
    credential: { kind: "client_secret", secret: "right" },
    ...changes,
  };
}

const IMAP = "https://outlook.office.com/IMAP.AccessAsUser.All";
const GMAIL = "https://mail.google.com/";

function answer(changes: Record<string, unknown> = {}): void {
  const granted = {
    token_type: "Bearer",
    expires_in: 3599,
    access_token: "opaque",
    refresh_token: "kept",
    scope: `${GMAIL} ${IMAP}`,
    id_token: platform.idToken,
    client_info: home("o", TENANT),
  };
  platform.answerWith({ status: 200, body: JSON.stringify({ ...granted, ...changes }) });
}

const jwt = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode();
const home = (uid: string, utid: string) =>
  Buffer.from(JSON.stringify({ uid, utid })).toString("base64url");

const renew = () => microsoft.refreshTokens(registration(), cache, ALICE);
const renewAtGoogle = () =>
  google.refreshTokens(
    registration({ service: "google", tenantId: "" }),
    JSON.stringify({ refreshToken: "kept" }),
    GINA,
  );

const OF_ANOTHER = { kind: "retry", remedyId: "postkey.tokens_of_another" };

describe("tokens of somebody else are no renewal", () => {
  test.each<[string, () => Record<string, unknown>]>([
    ["whose id_token names another person", () => ({ id_token: jwt({ oid: "x", tid: TENANT }) })],
    ["of another tenant", () => ({ id_token: jwt({ oid: "o", tid: ELSEWHERE }) })],
    ["whose access token names another person", () => ({ access_token: jwt({ oid: "x" }) })],
    ["whose access token is of another tenant", () => ({ access_token: jwt({ tid: ELSEWHERE }) })],
    ["of another account at home", () => ({ client_info: home("x", TENANT), id_token: undefined })],
    [
      "of another account at home, with an id_token that is right",
      () => ({ client_info: home("o", ELSEWHERE) }),
    ],
  ])("an answer %s", async (_what, changes) => {
    answer(changes());
    await expect(renew()).rejects.toMatchObject(OF_ANOTHER);
  });

  test.each([
    ["an opaque access token, and nothing else", { id_token: undefined, client_info: undefined }],
    ["the same in capitals", { access_token: jwt({ oid: "O", tid: TENANT.toUpperCase() }) }],
    ["a token that names nobody", { access_token: jwt({ aud: "mail" }) }],
  ])("%s says nothing against it", async (_what, changes) => {
    answer(changes);
    await expect(renew()).resolves.toMatchObject({ cache: expect.stringContaining("kept") });
  });

  test("nor at Google, where an account is known by its number", async () => {
    answer({ id_token: await platform.idTokenOf({ sub: "another" }) });
    await expect(renewAtGoogle()).rejects.toMatchObject(OF_ANOTHER);
    answer({ id_token: await platform.idTokenOf({ email: "renamed@a.test", hd: "a.test" }) });
    await expect(renewAtGoogle()).resolves.toMatchObject({ accessToken: "opaque" });
  });

  test.each([{ appid: ELSEWHERE }, { azp: ELSEWHERE }, { appid: CLIENT, tid: ELSEWHERE }])(
    "nor of another application: %o",
    async (claims) => {
      answer({ access_token: jwt({ oid: "service", ...claims }) });
      await expect(microsoft.acquireAppOnly?.(registration())).rejects.toMatchObject(OF_ANOTHER);
      answer({ access_token: jwt({ oid: "service", appid: CLIENT, tid: TENANT, roles: ["r"] }) });
      const acquired = await microsoft.acquireAppOnly?.(registration());
      expect(acquired?.identity.objectId).toBe("service");
    },
  );
});

describe("a renewal that grants", () => {
  const NO_MAIL = { kind: "sign_in_again", remedyId: "postkey.no_mail_permission" };

  test("nothing for mail is none", async () => {
    answer({ scope: "openid https://graph.microsoft.com/User.Read" });
    await expect(renew()).rejects.toMatchObject(NO_MAIL);
    await expect(renewAtGoogle()).rejects.toMatchObject(NO_MAIL);
  });

  test("less than before is one, and says what it grants", async () => {
    answer({ scope: `${GMAIL} https://outlook.office.com/SMTP.Send` });
    const { scopes } = await renew();
    expect(microsoft.permissions("delegated", scopes).filter((each) => each.isGranted)).toEqual([
      { name: "SMTP.Send", isGranted: true },
    ]);
    await expect(renewAtGoogle()).resolves.toMatchObject({ accessToken: "opaque" });
  });

  test("what it does not name grants what was asked for", async () => {
    answer({ scope: undefined });
    expect(microsoft.permissions("delegated", (await renew()).scopes)).not.toContainEqual(
      expect.objectContaining({ isGranted: false }),
    );
    expect((await renewAtGoogle()).scopes).toEqual([GMAIL]);
  });
});
