import { expect, test } from "vitest";
import { similarName } from "./similar-name";

const KNOWN = ["name", "key", "emailAddress", "contactListId", "active", "description"];

test.each([
  ["emailAdress", "emailAddress"],
  ["email_address", "emailAddress"],
  ["EMAILADDRESS", "emailAddress"],
  ["nmae", "name"],
  ["contactList", "contactListId"],
  ["desciption", "description"],
  ["Key", "key"],
])("%s was %s, perhaps", (typed, meant) => {
  expect(similarName(typed, KNOWN)).toBe(meant);
});

test.each(["admin", "", "__", "x".repeat(200), "password"])("%s was none of them", (typed) => {
  expect(similarName(typed, KNOWN)).toBeUndefined();
});
