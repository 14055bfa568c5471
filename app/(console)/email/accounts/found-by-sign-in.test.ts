import { expect, test } from "vitest";
import { foundBySignIn } from "./found-by-sign-in";

const SUPPORT = {
  name: "Support",
  key: "SUP",
  emailAddress: "support@contoso.test",
  cloudProviderName: "Contoso",
  username: "dave@contoso.test",
};

test.each([
  ["dave", "dave@contoso.test"],
  [" DAVE@ ", "dave@contoso.test"],
  ["sup", null],
  // The address, the provider and the user name alike: a column says why.
  ["contoso", null],
  ["", null],
])("a search for “%s” is explained by %s", (search, told) => {
  expect(foundBySignIn(SUPPORT, search)).toBe(told);
});

test("an account that signs in with its address needs no word about it", () => {
  expect(foundBySignIn({ ...SUPPORT, username: SUPPORT.emailAddress }, "support@")).toBeNull();
});
