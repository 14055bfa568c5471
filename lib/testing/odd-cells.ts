import { expect } from "vitest";

/** What people put into a cell that is for something else. */
export const ODD_CELLS = ["ftp", "-1", "1e99", "NaN", "{}", "\u0000", "\u202e", "x".repeat(5_000)];

/** Nothing that a person reads is what a schema says by itself: “Invalid option: expected one of …”. */
export function expectOwnWords(reason = ""): void {
  expect(reason).not.toMatch(/\b(?:Invalid (?:option|input|string|email)|Too (?:big|small))\b/);
}
