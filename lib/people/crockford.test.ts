import { expect, test } from "vitest";
import { randomCharacters, readCharacters } from "./crockford";

test("what is made at random is read as it is", () => {
  const made = randomCharacters(10_000);
  expect(new Set(made).size).toBe(32);
  expect(readCharacters(made)).toBe(made);
});

test("a letter is read as the digit that it looks like, and what stands between is left out", () => {
  expect(readCharacters("Oil-\u2013 u\u200b")).toBe("011u");
});
