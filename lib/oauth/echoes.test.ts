import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { env } from "@/lib/kernel/env";
import { echo, leaked, secret } from "@/lib/testing/echoes";
import { startHttpsServer, type TestServer } from "@/lib/testing/https-server";
import { either } from "@/lib/testing/long";
import { registered, withInstallation } from "@/lib/testing/sandbox";
import { supportText } from "./failure-details";
import * as google from "./google/client";
import * as microsoft from "./microsoft/client";
import { pollDeviceCode } from "./microsoft/device-code";
import { listPasswords } from "./microsoft/graph";
import { acquireIdentityToken } from "./microsoft/managed-identity";
import { MICROSOFT_REFUSALS } from "./microsoft/refusals";
import { classifyAuthorizationError, OAuthFailure } from "./oauth-failure";
import type { Registration } from "./service";

/** A platform, or a proxy before it, whose refusals repeat what they were sent, in ways of their own. */
const sandbox = withInstallation();
let answer: (request: IncomingMessage, body: string) => Answer = () => ({ status: 500, body: "" });
let server: TestServer;
let machine: { port: number; close: () => Promise<void> };

type Answer = { status: number; body: string; headers?: Record<string, string> };

async function respond(request: IncomingMessage, reply: ServerResponse) {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { status, body: text, headers = {} } = answer(request, body);
  reply.writeHead(status, headers).end(text);
}

beforeAll(async () => {
  server = await startHttpsServer(sandbox().stateDir, respond);
  machine = await listenOnLoopback(() => createServer(respond));
});
afterAll(() => Promise.all([server.close(), machine.close()]));

const CODE_GRANT = { redirectUri: "http://localhost:3000/callback", nonce: "nonce" };

function at(registration: Registration, value: string): Registration {
  const cloud = { ...registration.cloud, authority: server.origin, graph: server.origin };
  return { ...registration, cloud, credential: { kind: "client_secret", secret: value } };
}
const azure = (value: string) => at(registered(sandbox()), value);
function gmail(value: string) {
  const { cloud, clientId } = sandbox().google;
  const rest = { service: "google", tenantId: "", accountTypes: "tenant" } as const;
  return at({ ...azure(value), ...rest, cloud, clientId }, value);
}

/** Every call that says something in confidence. */
const CALLS: Record<string, (value: string) => Promise<unknown>> = {
  "a proof of a client secret": (value) => microsoft.proveCredential(azure(value)),
  "a code and its verifier": (value) =>
    microsoft.redeemCode(azure("another-secret-that-is-long"), {
      ...CODE_GRANT,
      code: value,
      codeVerifier: value,
    }),
  "a device code": (value) =>
    pollDeviceCode(
      azure("another-secret-that-is-long"),
      JSON.stringify({ deviceCode: value, clientType: "confidential" }),
    ),
  "a token for Microsoft Graph": (value) =>
    listPasswords({ address: `${server.origin}/v1.0/applications`, accessToken: value }),
  "a refresh token of Google": (value) =>
    google.refreshTokens(gmail("GOCSPX-another"), JSON.stringify({ refreshToken: value }), {
      objectId: "o",
      tenantId: "gmail.com",
    }),
  "a code of Google": (value) =>
    google.redeemCode(gmail(value), { ...CODE_GRANT, code: "4/abcdefgh", codeVerifier: value }),
  "the header of a managed identity": (value) => {
    const url = `http://127.0.0.1:${machine.port}/msi/token`;
    env().identityEndpoint = { url, header: value };
    return acquireIdentityToken(null);
  },
};

/** Where in a refusal it stands. */
const refusal = fc.record({
  status: fc.constantFrom(200, 201, 202, 206, 299, 302, 400, 401, 403, 407, 429, 500, 503),
  place: fc.constantFrom(
    ...["error_description", "error", "correlation_id", "trace_id", "message", "header", "html"],
  ),
});

function written(place: string, text: string): Omit<Answer, "status"> {
  const printable = text.replace(/[^\x20-\x7e]/g, " ");
  if (place === "html") return { body: `<h1>Blocked</h1><pre>${text}</pre>` };
  const headers = { "request-id": printable, "retry-after": printable };
  const error = { error: "invalid_client", error_codes: [7000215] };
  if (place === "header") return { headers, body: JSON.stringify(error) };
  if (place === "message")
    return { body: JSON.stringify({ error: { code: text, message: text } }) };
  return { body: JSON.stringify({ ...error, [place]: text }) };
}

/** Everything that is kept of a failure, including all its causes. */
function kept(error: unknown): string {
  const texts: unknown[] = [];
  for (let each = error; each instanceof Error; each = each.cause)
    texts.push(each.message, each.stack, each instanceof OAuthFailure && each.details);
  return JSON.stringify([texts, error instanceof OAuthFailure && supportText(error)]);
}

describe("what is kept of a refusal shows nothing of", () => {
  test.each(Object.entries(CALLS))("%s", async (_what, call) => {
    await fc.assert(
      fc.asyncProperty(
        secret,
        echo,
        refusal,
        async (value, { write, around }, { status, place }) => {
          answer = () => ({ status, ...written(place, around(write(value))) });
          const error: unknown = await call(value).catch((thrown: unknown) => thrown);
          expect(error instanceof Error ? leaked(kept(error), value) : null).toBeNull();
        },
      ),
      { numRuns: either({ short: 10, long: 60 }) },
    );
  });

  test("what belongs to a sign-in, in an answer that the browser brings", () => {
    fc.assert(
      fc.property(secret, echo, (value, { write, around }) => {
        const text = around(write(value));
        const answer = { error: text, description: text };
        const failure = classifyAuthorizationError(answer, MICROSOFT_REFUSALS, [value]);
        expect(leaked(kept(failure), value)).toBeNull();
      }),
    );
  });
});

test("a refusal that repeats a secret is still understood", async () => {
  answer = (_request, body) => ({
    status: 401,
    body: JSON.stringify({
      error: "invalid_client",
      error_codes: [7000215],
      error_description: `AADSTS7000215: Invalid client secret in ${body}. Trace ID: 1`,
    }),
  });
  const failed = microsoft.proveCredential(azure("Qx8~kP2_vN-7rT4mW9zLcJ6"));
  await expect(failed).rejects.toMatchObject({
    kind: "fix_registration",
    remedyId: "AADSTS7000215",
    details: {
      description: expect.stringMatching(
        /^AADSTS7000215: Invalid client secret in .*client_secret=\[removed\].*Trace ID: 1$/,
      ),
    },
  });
});
