import fc from "fast-check";
import { expect, test } from "vitest";
import { vcard } from "./export";

const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const of = (name: string, changes: Record<string, string> = {}) =>
  vcard({ id: ID, email: "bob@fabrikam.example", listName: "Customers", name, ...changes });

test("a contact is a card of version 4.0", () => {
  expect(of("Bob")).toBe(
    [
      "BEGIN:VCARD",
      "VERSION:4.0",
      `UID:urn:uuid:${ID}`,
      "FN:Bob",
      "EMAIL:bob@fabrikam.example",
      "CATEGORIES:Customers",
      "END:VCARD",
      "",
    ].join("\r\n"),
  );
});

test("who has no name is called by the address", () => {
  expect(of("")).toContain("FN:bob@fabrikam.example\r\n");
});

test("what would end a value, or add a line, is escaped", () => {
  const card = of("Hara, Bob; \\x\r\nEMAIL:evil@x.example", { listName: "A,B\nC" });
  expect(card).toContain("FN:Hara\\, Bob\\; \\\\x\\nEMAIL:evil@x.example\r\n");
  expect(card).toContain("CATEGORIES:A\\,B\\nC\r\n");
  expect(card.match(/^EMAIL:/gm)).toHaveLength(1);
});

test("long lines are folded at 75 octets, between characters, and unfold to what they were", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), (name) => {
      fc.pre(!/\p{Cs}|[\r\n]/u.test(name));
      const lines = of(name).split("\r\n");
      for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      // A character that was cut in two would come out as another one.
      expect(Buffer.from(of(name)).toString("utf8")).toBe(of(name));
      const unfolded = of(name).replaceAll("\r\n ", "");
      const fn = /\r\nFN:(.*)\r\nEMAIL/s.exec(unfolded)?.[1] ?? "";
      expect(fn.replace(/\\([\\,;])/g, "$1")).toBe(name);
    }),
  );
});
