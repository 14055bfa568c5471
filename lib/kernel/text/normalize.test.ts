import { describe, expect, test } from "vitest";
import { asciiDomain, canonicalEmail, countGraphemes, emailKey, nameKey } from "./normalize";

describe("names are compared without regard to", () => {
  test.each([
    ["case", "CONTOSO", "contoso"],
    ["width", "Ｃｏｎｔｏｓｏ", "contoso"],
    ["blanks around", "  contoso\u3000", "contoso"],
    ["the number of blanks", "contoso \t  mail", "contoso mail"],
    ["composition", "Cafe\u0301", "caf\u00e9"],
    ["ligatures", "ﬁnance", "finance"],
  ])("%s", (_what, name, key) => {
    expect(nameKey(name)).toBe(key);
  });
});

describe("addresses", () => {
  test.each([
    ["Alice@CONTOSO.com", "Alice@contoso.com"],
    ["a＠b.example", "a@b.example"],
    ["utente@esempio.рф", "utente@esempio.xn--p1ai"],
    ["no address", "no address"],
    ["a@b c", "a@b c"],
    ["alice@contoso.com/other", "alice@contoso.com/other"],
  ])("%s is canonically %s", (address, canonical) => {
    expect(canonicalEmail(address)).toBe(canonical);
  });

  test("are compared in lower case", () => {
    expect(emailKey("Alice@CONTOSO.com")).toBe("alice@contoso.com");
  });
});

test.each([
  "contoso.com/evil",
  "contoso.com?x",
  "contoso.com#x",
  "contoso.com:80",
  "contoso.com\\evil",
  "user@contoso.com",
  "%63ontoso.com",
  "con\ttoso.com",
  "con toso.com",
  "con\u0000toso.com",
  "[::1]",
  "",
])("%j is no domain, and becomes none", (text) => {
  expect(asciiDomain(text)).toBe("");
});

test.each([
  ["abcde", 5],
  ["👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 5],
  ["🇮🇹🇫🇷", 2],
  ["e\u0301", 1],
  ["", 0],
])("%s has as many characters as a person counts", (text, count) => {
  expect(countGraphemes(text)).toBe(count);
});
