import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
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
import { bodies, statuses } from "@/lib/testing/odd-answers";
import { withInstallation } from "@/lib/testing/sandbox";
import { inspect as inspectGoogle } from "./google/inspect";
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
 * Ten thousand answers that a platform, a proxy or an attacker could give to any request: none is wrongly
 * taken for a success, and every failure has a name.
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
const isToken = (text: unknown) => typeof text === "string" && /^[!-~]{1,16384}$/.test(text);
const grants = (answer: Answer) => {
  const { access_token, token_type, error } = json(answer);
  const isBearer = typeof token_type === "string" && token_type.toLowerCase() === "bearer";
  return isFine(answer) && error === undefined && isBearer && isToken(access_token);
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

const ANSWERS_EACH = 740;
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

  test(
    "a check, none makes it say that something is right",
    async () => {
      const isNamed = (answer: Answer, proved: boolean) =>
        proved || (json(answer).error === "invalid_client" && !grants(answer));
      await fc.assert(
        fc.asyncProperty(statuses, bodies(right), async (code, text) => {
          const answer = { status: code, body: text };
          platform.answerWith(answer);
          const ofMicrosoft = await inspectAll(microsoft.inspect(registration(), REDIRECT_URI));
          const ofGoogle = await inspectAll(inspectGoogle(gmail(), REDIRECT_URI));
          expect([ofMicrosoft.redirect_uri, ofGoogle.redirect_uri]).not.toContain("ok");
          expect(ofMicrosoft.tenant).not.toBe("ok");
          if (ofMicrosoft.credential === "ok") expect(proves(answer)).toBe(true);
          if (ofGoogle.credential === "ok") expect(provesAtGoogle(answer)).toBe(true);
          if (ofMicrosoft.application === "ok") expect(isNamed(answer, proves(answer))).toBe(true);
          if (ofGoogle.application === "ok")
            expect(isNamed(answer, provesAtGoogle(answer))).toBe(true);
        }),
        { numRuns: 150 },
      );
      expect(platform.answered()).toBeGreaterThan(10_000);
    },
    PATIENCE_MS,
  );
});

async function inspectAll(inspecting: ReturnType<typeof microsoft.inspect>) {
  const found = await inspecting;
  return Object.fromEntries(found.map(({ subject, verdict }) => [subject, verdict]));
}

test.each([
  "sign-in",
  "renewal",
  "app-only",
  "device code",
  "proof",
  "Graph's token",
  "Google's sign-in",
  "Google's renewal",
  "Google's service account",
])("%s takes the right answer", async (name) => {
  const caller = CALLERS[name];
  if (!caller) throw new Error(`Nobody is called ${name}.`);
  const { isSuccess } = await outcomeOf(caller, { status: 200, body: JSON.stringify(right()) });
  expect(isSuccess).toBe(true);
});
