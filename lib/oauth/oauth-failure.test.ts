import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { supportText } from "./failure-details";
import { GOOGLE_LANGUAGE } from "./google/failures";
import { parseRetryAfter } from "./https";
import { MICROSOFT_REFUSALS } from "./microsoft/refusals";
import { classifyAuthorizationError, classifyNetworkError, classifyReply } from "./oauth-failure";

const NOW = new Date("2026-11-25T12:00:00Z");

function reply(status: number, body: unknown, headers: Record<string, string> = {}) {
  return { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

const oauth = (error: string, ...codes: number[]) => ({ error, error_codes: codes });

describe("a reply of the token endpoint means", () => {
  test.each([
    ["sign_in_again", "AADSTS50173", 400, oauth("invalid_grant", 50173)],
    ["sign_in_again", "AADSTS50076", 400, oauth("interaction_required", 50076)],
    ["sign_in_again", "AADSTS65001", 400, oauth("consent_required", 65001)],
    ["sign_in_again", "postkey.grant_refused", 400, oauth("invalid_grant")],
    ["fix_registration", "AADSTS7000222", 401, oauth("invalid_client", 7000222)],
    ["fix_registration", "AADSTS700016", 400, oauth("unauthorized_client", 700016)],
    ["fix_registration", "AADSTS70011", 400, oauth("invalid_scope", 70011)],
    ["fix_registration", "AADSTS90002", 400, oauth("invalid_request", 90002)],
    ["fix_registration", "postkey.request_refused", 400, oauth("invented_by_somebody")],
    ["retry", "AADSTS90033", 400, oauth("invalid_request", 90033)],
    ["retry", "AADSTS50196", 400, oauth("invalid_grant", 50196)],
    ["retry", "postkey.identity_platform_unavailable", 400, oauth("temporarily_unavailable")],
    ["retry", "postkey.identity_platform_unavailable", 500, oauth("server_error", 65001)],
    ["retry", "AADSTS50000", 500, oauth("server_error", 50000)],
    ["retry", "postkey.identity_platform_throttled", 429, oauth("invalid_request", 90055)],
    ["retry", "postkey.identity_platform_unavailable", 503, "<h1>Service unavailable</h1>"],
    ["retry", "AADSTS90033", 500, oauth("invalid_client", 90033)],
    ["retry", "postkey.malformed_token_response", 403, "<h1>Blocked by the proxy</h1>"],
    ["retry", "postkey.malformed_token_response", 404, "[]"],
    ["retry", "postkey.malformed_token_response", 401, oauth("Unauthorized")],
    ["fix_registration", "postkey.client_refused", 401, oauth("invalid_client")],
    ["retry", "postkey.malformed_token_response", 511, "<h1>Log in to the network</h1>"],
    ["retry", "postkey.malformed_token_response", 400, { error: 7 }],
  ] as const)("%s, explained by %s: %d %j", (...[kind, remedyId, status, body]) => {
    expect(classifyReply(reply(status, body), MICROSOFT_REFUSALS, NOW)).toMatchObject({
      kind,
      remedyId,
    });
  });

  const device = "urn:ietf:params:oauth:grant-type:device_code";
  test.each([
    ["refresh_token", 9002313, "sign_in_again", "postkey.refresh_token_unknown"],
    ["authorization_code", 9002313, "sign_in_again", "postkey.code_unknown"],
    [device, 9002313, "sign_in_again", "callback.device_code_expired"],
    ["client_credentials", 9002313, "fix_registration", "AADSTS9002313"],
    ["refresh_token", 53003, "sign_in_again", "AADSTS53003"],
    ["client_credentials", 53003, "fix_registration", "postkey.workload_policy"],
    ["client_credentials", 501051, "fix_registration", "AADSTS501051"],
  ] as const)("by what was asked for: %s and %d is %s, %s", (...[grant, code, kind, remedyId]) => {
    const error = code === 9002313 ? "invalid_request" : "invalid_grant";
    const refused = { ...reply(400, oauth(error, code)), grant };
    expect(classifyReply(refused, MICROSOFT_REFUSALS, NOW)).toMatchObject({ kind, remedyId });
  });

  test("keeps what Microsoft's support asks for, made harmless", () => {
    const { details, retryAfterMs } = classifyReply(
      reply(
        400,
        {
          error: "invalid_grant",
          error_codes: [50173, "x", 1.5, 1, 2, 3, 4, 5, 6],
          error_description: "AADSTS50173: gone.\r\nTrace ID: 1\u202e",
          correlation_id: "c",
          trace_id: "t",
          timestamp: "2026-11-25 12:00:00Z",
          access_token: "never kept",
        },
        { "retry-after": "7" },
      ),
      MICROSOFT_REFUSALS,
      NOW,
    );
    expect(retryAfterMs).toBe(7_000);
    expect(details).toEqual({
      status: 400,
      error: "invalid_grant",
      errorCodes: [50173, 1, 2, 3, 4],
      description: "AADSTS50173: gone. Trace ID: 1",
      correlationId: "c",
      traceId: "t",
      timestamp: "2026-11-25 12:00:00Z",
    });
  });
});

test.each([
  ["ECONNREFUSED", "postkey.identity_platform_unreachable"],
  ["CERT_HAS_EXPIRED", "postkey.platform_certificate"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "postkey.platform_certificate"],
  ["TOO_LARGE", "postkey.malformed_token_response"],
  ["EPROTO", "postkey.malformed_token_response"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "postkey.identity_platform_unreachable"],
  ["HPE_INVALID_CONSTANT", "postkey.malformed_token_response"],
  ["CUT_OFF", "postkey.token_reply_cut_off"],
  ["MALFORMED", "postkey.malformed_token_response"],
])("no usable answer (%s) is tried again, explained by %s", (code, remedyId) => {
  expect(classifyNetworkError(code, new Error("x"))).toMatchObject({ kind: "retry", remedyId });
});

test.each([
  ["PRIVATE_ADDRESS", "egress.private_address"],
  ["PORT_REFUSED", "postkey.platform_port_refused"],
])("what egress refuses (%s) needs another host: %s", (code, remedyId) => {
  expect(classifyNetworkError(code, new Error(code))).toMatchObject({
    kind: "fix_registration",
    remedyId,
  });
});

test.each([
  ["access_denied", "", "sign_in_again", "callback.access_denied"],
  ["access_denied", "AADSTS65004: declined", "sign_in_again", "AADSTS65004"],
  ["consent_required", "AADSTS90094: approval", "sign_in_again", "AADSTS90094"],
  ["invalid_client", "AADSTS650052: no license", "fix_registration", "AADSTS650052"],
  ["server_error", "", "retry", "postkey.identity_platform_unavailable"],
  ["server_error", "AADSTS65001: consent", "retry", "postkey.identity_platform_unavailable"],
  ["unknown", "no number", "fix_registration", "postkey.request_refused"],
  ["unauthorized_client", "", "fix_registration", "postkey.client_refused"],
] as const)(
  "an answer to the redirect URI: %s “%s” is %s, explained by %s",
  (...[error, description, kind, remedyId]) => {
    const failure = classifyAuthorizationError({ error, description }, MICROSOFT_REFUSALS);
    expect(failure).toMatchObject({ kind, remedyId });
    // What the log says of it, and the page.
    expect(supportText(failure)).toContain(description || error);
  },
);

test("Google says the same at its token endpoint and by the browser, and has no numbers", () => {
  for (const { error = "", grant, says, remedyId } of GOOGLE_LANGUAGE.meanings) {
    if (grant || says) continue;
    const replied = classifyReply(reply(400, { error, error_codes: [50173] }), GOOGLE_LANGUAGE);
    const brought = { error, description: "AADSTS50173: of another platform" };
    const answered = classifyAuthorizationError(brought, GOOGLE_LANGUAGE);
    for (const failure of [replied, answered])
      expect(failure.remedyId).toMatch(/^(?:google\.|postkey\.identity)/);
    expect(answered.remedyId).toBe(replied.remedyId);
    expect(remedyId).toMatch(/^(?:google|postkey)\./);
  }
});

test.each([
  [700005, "AADSTS700005: client_mismatch", "sign_in_again", "postkey.refresh_token_unknown"],
  [700005, "AADSTS700005: tenants", "fix_registration", "AADSTS700005"],
  [
    700027,
    "AADSTS700027: The key used is expired.",
    "fix_registration",
    "postkey.certificate_expired",
  ],
  [700027, "AADSTS700027: signature", "fix_registration", "AADSTS700027"],
])("%d with the words “%s” is %s, explained by %s", (...[code, words, kind, remedyId]) => {
  const body = { error: "invalid_client", error_codes: [code], error_description: words };
  expect(classifyReply(reply(401, body), MICROSOFT_REFUSALS)).toMatchObject({ kind, remedyId });
});

test.each([
  [undefined, undefined],
  ["", undefined],
  ["1e3s", undefined],
  ["0", 1_000],
  ["30", 30_000],
  ["3600", 3_600_000],
  ["99999999", 3_600_000],
  ["Wed, 25 Nov 2026 12:00:45 GMT", 45_000],
  ["Thu, 26 Nov 2026 12:00:00 GMT", 3_600_000],
])("Retry-After: %s waits %s ms", (value, waitMs) => {
  expect(parseRetryAfter(value, NOW)).toBe(waitMs);
});

describe("whatever arrives", () => {
  const status = fc.oneof(
    fc.integer({ min: 100, max: 599 }),
    fc.constantFrom(200, 400, 401, 429, 503),
  );
  const word = fc.oneof(
    fc.constantFrom("invalid_grant", "invalid_client", "temporarily_unavailable", "__proto__"),
    fc.string(),
  );
  const fields = fc.dictionary(
    fc.constantFrom("error", "error_codes", "error_description", "correlation_id", "trace_id"),
    fc.oneof(word, fc.array(fc.integer()), fc.jsonValue()),
  );
  const body = fc.oneof(
    fields.map((each) => JSON.stringify(each)),
    fc.json(),
    fc.string({ unit: "binary" }),
  );
  const headers = fc.record({ "retry-after": fc.string() }, { requiredKeys: [] });

  test("has one meaning, names a remedy, and carries text that is harmless and short", () => {
    fc.assert(
      fc.property(status, body, headers, (code, text, sent) => {
        const failure = classifyReply(
          { status: code, headers: { ...sent }, body: text },
          MICROSOFT_REFUSALS,
          NOW,
        );
        expect(["retry", "fix_registration", "sign_in_again"]).toContain(failure.kind);
        expect(failure.remedyId).toMatch(/^(AADSTS\d+|postkey\.[a-z_]+)$/);
        if (code === 429 || code >= 500) expect(failure.kind).toBe("retry");
        for (const value of Object.values(failure.details)) {
          expect(String(value).length).toBeLessThanOrEqual(512);
          expect(String(value)).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
        }
      }),
      { numRuns: 500 },
    );
  });
});
