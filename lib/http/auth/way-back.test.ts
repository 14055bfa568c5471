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
])("and not to %j", (address) => expect(wayBack(address)).toBe("/"));

test("the sign-in with a password and the set-up of a second factor lead back to the page", () => {
  const page = "/email/accounts?view=failing";
  const from = encodeURIComponent(page);
  expect(passwordSignInAddress(page)).toBe(`/sign-in?local&from=${from}`);
  expect(passwordSignInAddress("/")).toBe("/sign-in?local");
  expect(secondFactorAddress(page)).toBe(`/second-factor?from=${from}`);
  expect(secondFactorAddress(null)).toBe("/second-factor");
});
