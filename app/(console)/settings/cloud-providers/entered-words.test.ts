import { expect, test } from "vitest";
import { enteredWords, savedWords } from "./entered-words";

const soon = new Date("2126-12-04T23:59:59Z");
const inUse = (expiresAt: Date | null) => ({ isReplaced: false, expiresAt });
const said = (entered: { isReplaced: boolean; expiresAt: Date | null }) =>
  enteredWords({ entered, service: "microsoft_azure", noun: "secret", replaced: "Updated." });

test("a credential is told as updated only where it took the place of another one", () => {
  expect(said({ isReplaced: true, expiresAt: soon })).toBe("Updated.");
  expect(said(inUse(soon))).toMatch(/Nothing was replaced; it still expires on 4 Dec 2126\.$/);
  expect(said(inUse(null))).toMatch(/Nothing was replaced\.$/);
  // Where its stored day has passed, it leads to where that is corrected.
  expect(said(inUse(new Date("2026-01-31T23:59:59Z")))).toMatch(/31 Jan 2026.*Change expiry\.$/);
  const google = { service: "google", noun: "secret", replaced: "" } as const;
  expect(enteredWords({ ...google, entered: inUse(soon) })).toMatch(/replace it by is still 4 Dec/);
  expect(savedWords(null, "microsoft_azure")).toBe("Saved.");
  expect(savedWords({ isReplaced: true, expiresAt: soon }, "microsoft_azure")).toBe("Saved.");
  expect(savedWords(inUse(soon), "microsoft_azure")).toMatch(/^Saved\. .* still expires on 4 Dec/);
});
