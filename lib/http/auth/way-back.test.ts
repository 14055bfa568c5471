import { expect, test } from "vitest";
import { passwordSignInAddress, secondFactorAddress, signInAddress, wayBack } from "./way-back";

test.each([
  ["/email/accounts?view=failing&search=a%26b", "/email/accounts?view=failing&search=a%26b"],
  ["/settings/api-keys", "/settings/api-keys"],
  ["/confirm?done", "/confirm?done"],
  ["/", "/"],
])("the sign-in leads back to %s", (address, back) => {
  expect(wayBack(address)).toBe(back);
  const { searchParams } = new URL(signInAddress(address), "http://localhost");
  expect(searchParams.get("from") ?? "/").toBe(back);
});

test.each([
  "https://evil.test/",
  "//evil.test/",
  "/\\evil.test/",
  "/\t/evil.test/",
  "javascript:alert(1)",
  "evil",
  "",
  "/sign-in?from=/x",
  "/setup",
  "/confirm?company=other",
  "/confirm?done&company=other",
  "/second-factor?from=/x",
  "/api/events",
  `/${"x".repeat(3_000)}`,
  ["/email/accounts"],
  null,
])("and not to %j", (address) => {
  expect(wayBack(address)).toBe("/");
});

test("the sign-in with a password leads back to the page that was asked for", () => {
  expect(passwordSignInAddress("/email/accounts?view=failing")).toBe(
    "/sign-in?local&from=%2Femail%2Faccounts%3Fview%3Dfailing",
  );
  expect(passwordSignInAddress("/")).toBe("/sign-in?local");
});

test("the set-up of a second factor leads back to the page that was asked for", () => {
  expect(secondFactorAddress("/email/accounts?view=failing")).toBe(
    "/second-factor?from=%2Femail%2Faccounts%3Fview%3Dfailing",
  );
  expect(secondFactorAddress(null)).toBe("/second-factor");
});
