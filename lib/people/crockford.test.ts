import { expect, test } from "vitest";
import { readCharacters } from "./crockford";

test("a letter is read as the digit that it looks like, and what stands between is left out", () => {
  expect(readCharacters("Oil-\u2013 u\u200b")).toBe("011u");
});
