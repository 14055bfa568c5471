import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HttpsError } from "@/lib/egress/https";
import { AppError } from "@/lib/kernel/errors";
import {
  type Answer,
  CLIENT,
  NONCE,
  startAnsweringPlatform,
  TENANT,
} from "@/lib/testing/answering-platform";
import { either } from "@/lib/testing/long";
import { bodies, statuses } from "@/lib/testing/odd-answers";
import { withInstallation } from "@/lib/testing/sandbox";
import { google } from "./google/service";
import {
  addPassword,
  listPasswords,
  openGraphApplication,
  proveOwnership,
  removePassword,
} from "./microsoft/graph";
import { microsoft } from "./microsoft/service";
import { OAuthFailure } from "./oauth-failure";
import type { Registration } from "./service";

/**
 * What a platform, a proxy or an attacker could answer to any request (ten thousand such answers in the long
 * run): none is wrongly taken for a success, and every failure has a name.
 */
const sandbox = withInstallation();
let platform: Awaited<ReturnType<typeof startAnsweringPlatform>>;
let privateKey: string;
/** What MSAL keeps of a sign-in at this platform. */
let cache: string;

beforeAll(async () => {
  platform = await startAnsweringPlatform(sandbox().stateDir, sandbox().cloud);
  ({ privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }));
  platform.answerWith({ status: 200, body: JSON.stringify(right()) });
  ({ cache } = (await microsoft.redeemCode(registration(), CODE)).tokens);
});
afterAll(() => platform.close());

const registration = (changes: Partial<Registration> = {}): Registration => ({
  service: "microsoft_azure",
  cloud: platform.cloud,
  accountTypes: "tenant",
  clientId: CLIENT,
  tenantId: TENANT,
  credential: { kind: "client_secret", secret: "wrong" },
  ...changes,
});
const gmail = () => registration({ service: "google", tenantId: "" });
const serviceAccount = () =>
  registration({
    service: "google",
    credential: { kind: "service_account", clientEmail: "a@b.test", keyId: "1", privateKey },
  });

/** As the platform's id_token says. */
const ALICE = { objectId: "o", tenantId: TENANT };
const GINA = { objectId: "s", tenantId: "gmail.com" };
const REDIRECT_URI = "https://postkey.test/callback";
const CODE = {
  code: "code",
  redirectUri: REDIRECT_URI,
  codeVerifier: "v".repeat(43),
  nonce: NONCE,
};
const HANDLE = JSON.stringify({ deviceCode: "d", clientType: "confidential" });
const KEY_ID = "33333333-3333-4333-8333-333333333333";

/** A token response that every request may accept. */
function right() {
  return {
    token_type: "Bearer",
    expires_in: 3599,
    access_token: "granted",
    refresh_token: "kept",
    scope: "https://mail.google.com/ IMAP.AccessAsUser.All",
    id_token: platform.idToken,
    client_info: Buffer.from(JSON.stringify({ uid: "o", utid: TENANT })).toString("base64url"),
  };
}

type Json = Readonly<Record<string, unknown>>;

/** Read as it is written in RFC 6749 §5.1, and by nothing of the product. */
function json({ status, body }: Answer): Json {
  try {
    const parsed: unknown = status === 204 || status === 304 ? null : JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
const isFine = ({ status }: Answer) => status >= 200 && status <= 299;
const isToken = (text: unknown) =>
  typeof text === "string" && /^(?!(?:null|undefined)$)[!-~]{1,16384}$/.test(text);
const grants = (answer: Answer) => {
  const { access_token, token_type, error } = json(answer);
  const isBearer = typeof token_type === "string" && token_type.toLowerCase() === "bearer";
  return answer.status === 200 && error === undefined && isBearer && isToken(access_token);
};
const isRenewable = (answer: Answer) => grants(answer) && isToken(json(answer).refresh_token);
const refuses = (answer: Answer, error: unknown, ...statuses: number[]) =>
  statuses.includes(answer.status) && json(answer).error === error;
const names = (answer: Answer, number: number) => {
  const { error_codes } = json(answer);
  return Array.isArray(error_codes) && error_codes.includes(number);
};
const proves = (answer: Answer) =>
  grants(answer) ||
  (refuses(answer, "consent_required", 400, 401) && names(answer, 65001)) ||
  (refuses(answer, "invalid_scope", 400, 401) && names(answer, 70011)) ||
  (refuses(answer, "invalid_grant", 400, 401) && (names(answer, 65001) || names(answer, 53003)));
const provesAtGoogle = (answer: Answer) => grants(answer) || refuses(answer, "invalid_grant", 400);
const isOfGraph = (answer: Answer) => {
  const { error } = json(answer);
  return typeof error === "object" && error !== null && "code" in error && error.code !== "";
};

type Caller = {
  ask: () => Promise<unknown>;
  /** Whether this answer may be a success for it. */
  may: (answer: Answer) => boolean;
};

const application = () => ({ address: `${platform.cloud.authority}/v1.0/a`, accessToken: "t" });
const secret = () => ({ displayName: "Postkey", expiresAt: new Date() });

const CALLERS: Readonly<Record<string, Caller>> = {
  "sign-in": { ask: () => microsoft.redeemCode(registration(), CODE), may: isRenewable },
  renewal: { ask: () => microsoft.refreshTokens(registration(), cache, ALICE), may: grants },
  "app-only": { ask: async () => microsoft.acquireAppOnly?.(registration()), may: grants },
  "device code": {
    ask: async () => {
      const polled = await microsoft.deviceCode?.poll(registration(), HANDLE);
      return polled?.kind === "signed_in" ? polled.signIn : undefined;
    },
    may: (answer) =>
      isRenewable(answer) ||
      ["authorization_pending", "slow_down"].some((error) => json(answer).error === error),
  },
  proof: { ask: () => microsoft.proveCredential(registration()), may: proves },
  "Graph's token": { ask: () => openGraphApplication(registration()), may: grants },
  "Graph's list of secrets": {
    ask: () => listPasswords(application()),
    may: (answer) => isFine(answer) && Array.isArray(json(answer).passwordCredentials),
  },
  "Graph's new secret": {
    ask: () => addPassword(application(), secret()),
    may: (answer) => isFine(answer) && typeof json(answer).secretText === "string",
  },
  "Graph's removal of a secret": {
    ask: () => removePassword(application(), KEY_ID),
    may: (answer) =>
      answer.status === 204 || ([400, 404].includes(answer.status) && isOfGraph(answer)),
  },
  "Graph's proof": { ask: () => proveOwnership(application()), may: () => false },
  "Google's sign-in": { ask: () => google.redeemCode(gmail(), CODE), may: isRenewable },
  "Google's renewal": {
    ask: () => google.refreshTokens(gmail(), JSON.stringify({ refreshToken: "kept" }), GINA),
    may: grants,
  },
  "Google's service account": {
    ask: () =>
      google.refreshTokens(serviceAccount(), JSON.stringify({ mailbox: "a@b.test" }), GINA),
    may: grants,
  },
  "Google's proof": { ask: () => google.proveCredential(gmail()), may: provesAtGoogle },
};

const ANSWERS_EACH = either({ short: 30, long: 740 });
const PATIENCE_MS = 180_000;

/** @returns the outcome, and the tokens in it */
async function outcomeOf({ ask }: Caller, answer: Answer) {
  platform.answerWith(answer);
  try {
    return { isSuccess: true, value: await ask() };
  } catch (error) {
    const isNamed =
      error instanceof OAuthFailure || error instanceof AppError || error instanceof HttpsError;
    if (!isNamed) throw error;
    return { isSuccess: false, value: undefined };
  }
}

function tokenIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if ("tokens" in value) return tokenIn(value.tokens);
  return "accessToken" in value ? value.accessToken : undefined;
}

describe("of every answer to", () => {
  test.each(Object.entries(CALLERS))(
    "%s, none is a success that is none",
    async (_name, caller) => {
      await fc.assert(
        fc.asyncProperty(statuses, bodies(right), async (code, text) => {
          const answer = { status: code, body: text };
          const { isSuccess, value } = await outcomeOf(caller, answer);
          if (!isSuccess) return;
          expect(caller.may(answer)).toBe(true);
          const token = tokenIn(value);
          if (token !== undefined) expect(token).toBe(json(answer).access_token);
        }),
        { numRuns: ANSWERS_EACH },
      );
    },
    PATIENCE_MS,
  );
});

test("each but the proof takes the right answer", async () => {
  const refused: string[] = [];
  for (const [name, caller] of Object.entries(CALLERS)) {
    const { isSuccess } = await outcomeOf(caller, { status: 200, body: JSON.stringify(right()) });
    if (!isSuccess) refused.push(name);
  }
  // What Graph answers is no token.
  expect(refused.filter((name) => !/^Graph's (?!token)/.test(name))).toEqual([]);
});

describe("renewals", () => {
  const ELSEWHERE = "99999999-9999-4999-8999-999999999999";
  const IMAP = "https://outlook.office.com/IMAP.AccessAsUser.All";
  const GMAIL = "https://mail.google.com/";

  function answer(changes: Record<string, unknown> = {}): void {
    const granted = { ...right(), access_token: "opaque", scope: `${GMAIL} ${IMAP}`, ...changes };
    platform.answerWith({ status: 200, body: JSON.stringify(granted) });
  }

  const jwt = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode();
  const home = (uid: string, utid: string) =>
    Buffer.from(JSON.stringify({ uid, utid })).toString("base64url");

  const renew = () => microsoft.refreshTokens(registration(), cache, ALICE);
  const renewAtGoogle = () =>
    google.refreshTokens(gmail(), JSON.stringify({ refreshToken: "kept" }), GINA);

  const OF_ANOTHER = { kind: "retry", remedyId: "postkey.tokens_of_another" };

  describe("tokens of somebody else are no renewal", () => {
    test.each<[string, () => Record<string, unknown>]>([
      ["whose id_token names another person", () => ({ id_token: jwt({ oid: "x", tid: TENANT }) })],
      ["of another tenant", () => ({ id_token: jwt({ oid: "o", tid: ELSEWHERE }) })],
      ["whose access token names another person", () => ({ access_token: jwt({ oid: "x" }) })],
      [
        "whose access token is of another tenant",
        () => ({ access_token: jwt({ tid: ELSEWHERE }) }),
      ],
      [
        "of another account at home",
        () => ({ client_info: home("x", TENANT), id_token: undefined }),
      ],
      ["of another tenant at home", () => ({ client_info: home("o", ELSEWHERE) })],
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
});
