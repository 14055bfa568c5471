import { expect, test } from "vitest";
import { randomCharacters, withoutLookalikes } from "./crockford";

test("what is made at random is read as it is", () => {
  const made = randomCharacters(10_000);
  expect(new Set(made).size).toBe(32);
  expect(withoutLookalikes(made)).toBe(made);
});

test("a letter is read as the digit that it looks like", () => {
  expect(withoutLookalikes("oil-u")).toBe("011-u");
});
