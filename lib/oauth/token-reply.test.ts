import fc from "fast-check";
import { expect, test } from "vitest";
import type { HttpsReply } from "@/lib/egress/https";
import { echo, leaked, secret } from "@/lib/testing/echoes";
import { classifyMicrosoftReply } from "./microsoft/refusals";
import { readTokenReply } from "./token-reply";

const readMicrosoft = (reply: HttpsReply) => readTokenReply(reply, classifyMicrosoftReply);
const GRANTED = "https://outlook.office.com/IMAP.AccessAsUser.All offline_access";

function scopeOf(scope: unknown, sent: string[] = []): string | null | undefined {
  const body = JSON.stringify({ token_type: "Bearer", access_token: "eyJ.token.x", scope });
  return readMicrosoft({ status: 200, headers: {}, body, sent }).scope;
}

test("what is granted is said as it came", () => {
  expect(scopeOf(GRANTED, ["a-secret-that-was-sent"])).toBe(GRANTED);
});

test("what was asked for is not searched for what was sent beside it", () => {
  const body = JSON.stringify({ token_type: "Bearer", access_token: "x", scope: GRANTED });
  const reply = { status: 200, headers: {}, body, sent: ["offline_access"], askedScope: GRANTED };
  expect(readMicrosoft(reply).scope).toBe(GRANTED);
});

test("a secret that is repeated among the scopes of a success is not kept", () => {
  fc.assert(
    fc.property(secret, echo, (value, { write, around }) => {
      const said = scopeOf(`${GRANTED} ${around(write(value))}`, [value]) ?? "";
      expect(said.startsWith(GRANTED)).toBe(true);
      expect(leaked(said, value)).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test.each(['"quoted" back\\slash täg', "x".repeat(257)])("no scope is %j (RFC 6749 §3.3)", (odd) =>
  expect(scopeOf(`${GRANTED} ${odd}`)).toBe(GRANTED),
);

function lifetimeOf(expires_in: unknown): number {
  const granted = { token_type: "Bearer", access_token: "granted", expires_in };
  return readMicrosoft({ status: 200, headers: {}, body: JSON.stringify(granted) }).expires_in;
}

test.each([
  ...[[3_599, 3_599] as const, ["3599", 3_599] as const],
  // None of these says a time: it is an hour.
  ...[true, [5], "", " 5 ", "0x10", null, 0, 86_401].map((written) => [written, 3_600] as const),
])("a lifetime of %o is %d seconds", (written, seconds) => {
  expect(lifetimeOf(written)).toBe(seconds);
});

test.each([
  ...[201, 203, 206].map((status) => ({ status, access_token: "eyJ.token.x" })),
  ...["null", "undefined", ""].map((access_token) => ({ status: 200, access_token })),
])("no token is granted by %o (RFC 6749 §5.1)", ({ status, access_token }) => {
  const body = JSON.stringify({ token_type: "Bearer", access_token });
  const remedyId = "postkey.malformed_token_response";
  expect(() => readMicrosoft({ status, headers: {}, body })).toThrow(
    expect.objectContaining({ remedyId }),
  );
});
