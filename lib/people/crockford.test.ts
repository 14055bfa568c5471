import { expect, test } from "vitest";
import { randomCharacters, readCharacters } from "./crockford";

test("what is made at random is read as it is", () => {
  const made = randomCharacters(10_000);
  expect(new Set(made).size).toBe(32);
  expect(readCharacters(made)).toBe(made);
});
