import fc from "fast-check";

/*
 * Answers of identity platforms as they should not be: right ones with a field or two that are odd, cut
 * off, with another status, refusals of every kind, and what is none at all.
 */

type Json = Readonly<Record<string, unknown>>;

const FIELDS = [
  ...["access_token", "token_type", "refresh_token", "id_token", "client_info", "scope", "error"],
  ...["expires_in", "error_codes", "passwordCredentials", "keyId", "secretText", "device_code"],
];

/** What Microsoft Graph and the endpoint for device codes answer. */
const KEY_ID = "33333333-3333-4333-8333-333333333333";
const ELSEWHERE = {
  device_code: "d",
  user_code: "u",
  verification_uri: "https://a.test",
  expires_in: 900,
  keyId: KEY_ID,
  secretText: "s",
  endDateTime: "2030-01-01T00:00:00Z",
  passwordCredentials: [{ keyId: KEY_ID }],
};

export const statuses = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(200, 400, 401) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(201, 204, 206, 302, 307, 403, 404, 407, 429, 500, 502, 503, 504),
  },
  { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
);

/** @param right a token response that every request may accept, once the platform is there to make it */
export function bodies(right: () => Json): fc.Arbitrary<string> {
  const text = (from: () => Json) => mutated(from).map((answer) => JSON.stringify(answer));
  const cutOff = fc.nat(400).map((length) => JSON.stringify(right()).slice(0, length));
  const nothing = fc.constantFrom(
    "",
    "{}",
    "[]",
    "null",
    '{"message":"blocked"}',
    "<h1>Wi-Fi</h1>",
  );
  return fc.oneof(
    { weight: 4, arbitrary: text(right) },
    { weight: 2, arbitrary: text(() => ({ ...right(), ...ELSEWHERE })) },
    { weight: 2, arbitrary: refusal.map((answer) => JSON.stringify(answer)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: nothing },
    { weight: 1, arbitrary: cutOff },
  );
}

const oddField = fc.oneof(
  fc.constantFrom<unknown>("", " ", null, 0, 7, true, [], {}, "a b", "a\r\nb", "é", undefined),
  fc.jsonValue(),
);

function mutated(from: () => Json): fc.Arbitrary<Json> {
  return fc
    .dictionary(fc.constantFrom(...FIELDS), oddField, { maxKeys: 2 })
    .map((changes) => ({ ...from(), ...changes }));
}

const refusal = fc.record(
  {
    error: fc.oneof(
      fc.constantFrom(
        ...["invalid_grant", "invalid_client", "invalid_scope", "consent_required", "slow_down"],
        ...["server_error", "unauthorized_client", "authorization_pending", "__proto__", "blocked"],
      ),
      fc.record({ code: fc.string(), message: fc.string() }),
    ),
    error_codes: fc.array(fc.constantFrom(65001, 70011, 53003, 7000215, 700016, 90033, 700025), {
      maxLength: 2,
    }),
    error_description: fc.string(),
  },
  { requiredKeys: ["error"] },
);
