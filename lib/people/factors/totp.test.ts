import { Secret, TOTP } from "otpauth";
import { expect, test } from "vitest";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { hashRecoveryCode, newRecoveryCodes } from "./store";
import { authenticatorAddress, findStep, isOfWrongClock, newSecret } from "./totp";

/** RFC 6238, appendix B, SHA-1: the last six of the eight digits there. */
const VECTORS = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
] as const;
const RFC_SECRET = Secret.fromUTF8("12345678901234567890").base32;

test("codes are those of the RFC", () => {
  for (const [seconds, code] of VECTORS)
    expect(findStep(RFC_SECRET, code, new Date(seconds * SECOND_MS))).toBe(
      Math.floor(seconds / 30),
    );
});

const at = new Date("2026-11-28T12:00:10Z");
const secret = newSecret();
const codeAt = (offsetMs: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() + offsetMs });
const step = Math.floor(at.getTime() / (30 * SECOND_MS));

test("the code just before and the one just after are accepted, each as its own step", () => {
  for (const steps of [-1, 0, 1])
    expect(findStep(secret, codeAt(steps * 30 * SECOND_MS), at)).toBe(step + steps);
});

test.each([-5, -2, 2, 5])(
  "a clock that is off by %i minutes is recognised, not accepted",
  (off) => {
    const code = codeAt(off * MINUTE_MS);
    expect(findStep(secret, code, at)).toBeNull();
    expect(isOfWrongClock(secret, code, at)).toBe(true);
  },
);

test("the address for apps names Postkey and the account", () => {
  const address = new URL(authenticatorAddress(secret, "ada@contoso.test"));
  expect(address.protocol).toBe("otpauth:");
  expect(decodeURIComponent(address.pathname)).toContain("Postkey:ada@contoso.test");
  expect(Secret.fromBase32(secret).bytes).toHaveLength(20);
});

test("ten recovery codes of 80 bits are read however they are typed", () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes)
    expect(code).toMatch(/^(?:[\da-hjkmnp-tv-z]{4}-){3}[\da-hjkmnp-tv-z]{4}$/);
  const hash = hashRecoveryCode("0110-abcd-efgh-jkmn");
  expect(hashRecoveryCode(" OIlo ABCD efgh jkmn ")).toBe(hash);
});
