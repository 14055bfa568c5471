import { describe, expect, test } from "vitest";
import { enteredWords, savedWords } from "./entered-words";

const soon = new Date("2126-12-04T23:59:59Z");
const inUse = (expiresAt: Date | null) => ({ isReplaced: false, expiresAt });
const said = (entered: { isReplaced: boolean; expiresAt: Date | null }) =>
  enteredWords({ entered, service: "microsoft_azure", noun: "secret", replaced: "Updated." });

describe("a credential that works", () => {
  test("is told as updated only where it took the place of another one", () => {
    expect(said({ isReplaced: true, expiresAt: soon })).toBe("Updated.");
    expect(said(inUse(soon))).toBe(
      "This secret is already in use, and it works. Nothing was replaced; it still expires on 4 Dec 2126.",
    );
    expect(said(inUse(null))).toMatch(/Nothing was replaced\.$/);
  });

  test("although its stored day has passed, leads to where the day is corrected", () => {
    expect(said(inUse(new Date("2026-01-31T23:59:59Z")))).toMatch(
      /31 Jan 2026, has passed: correct it with Change expiry\.$/,
    );
  });

  test("of a platform whose secrets do not expire has a day to be replaced by", () => {
    const google = { service: "google", noun: "secret", replaced: "" } as const;
    expect(enteredWords({ ...google, entered: inUse(soon) })).toMatch(
      /the day to replace it by is still 4 Dec 2126\.$/,
    );
  });
});

test("an edit says so where the credential that it asked for was in use already", () => {
  expect(savedWords(null, "microsoft_azure")).toBe("Saved.");
  expect(savedWords({ isReplaced: true, expiresAt: soon }, "microsoft_azure")).toBe("Saved.");
  expect(savedWords(inUse(soon), "microsoft_azure")).toBe(
    "Saved. This credential was already in use; it still expires on 4 Dec 2126.",
  );
});
