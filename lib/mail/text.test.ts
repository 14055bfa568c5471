import { expect, test } from "vitest";
import { safeServerText } from "./text";

test.each([
  ["\u001b[31mred\u0007", "[31mred"],
  ["user=AUTH XOAUTH2 dXNlcj1hbGljZUBjb250b3NvLnRlc3QBYXV0aD1CZWFyZXI=", "user=AUTH XOAUTH2 …"],
  ["got eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln back", "got … back"],
])("%j becomes %j", (raw, expected) => expect(safeServerText(raw)).toBe(expected));

test("a long text ends after 512 characters, and never within one", () => {
  const text = safeServerText(`x${"👋".repeat(400)}`);
  expect(text.length).toBeLessThanOrEqual(512);
  expect(text).not.toMatch(/\p{Cs}/u);
  expect(text.endsWith("…")).toBe(true);
});
