import { expect, test } from "vitest";
import { asciiDomain, canonicalEmail, emailKey, nameKey } from "./normalize";

test("names are compared without regard to case, width, blanks, composition and ligatures", () => {
  expect(nameKey("  ＣＯＮtoso\u3000 \t Cafe\u0301 ﬁnance ")).toBe("contoso caf\u00e9 finance");
});

test.each([
  ["Alice@CONTOSO.com", "Alice@contoso.com"],
  ["no address", "no address"],
  ["alice@contoso.com/other", "alice@contoso.com/other"],
])("the address %s is canonically %s", (address, canonical) => {
  expect(canonicalEmail(address)).toBe(canonical);
  expect(emailKey(address)).toBe(canonical.toLowerCase());
});

const NO_DOMAINS = [
  ...["contoso.com/evil", "contoso.com?x", "contoso.com#x", "contoso.com:80", "contoso.com\\evil"],
  ...["user@contoso.com", "%63ontoso.com", "con\ttoso.com", "con toso.com", "con\u0000toso.com"],
  ...["[::1]", ""],
];
test("what is no domain becomes none", () => {
  for (const text of NO_DOMAINS) expect(asciiDomain(text), text).toBe("");
});
