import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createKeyring,
  deriveKey,
  hashToken,
  randomToken,
  SealError,
  type SealPlace,
  seal,
  unseal,
} from "./crypto";

const newKey = () => randomBytes(32).toString("base64");
const RUNS = 200;
const [first, second] = [newKey(), newKey()];
const keyring = createKeyring([first]);
const place: SealPlace = {
  table: "TokenSet",
  id: "1",
  column: "cacheSealed",
  destination: ["contoso.test", "993", null],
};

describe("a sealed value", () => {
  test("opens to what was sealed, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(unseal(keyring, place, seal(keyring, place, text))).toBe(text);
      }),
    );
    const megabyte = "é".repeat(524_288);
    expect(unseal(keyring, place, seal(keyring, place, megabyte))).toBe(megabyte);
  });

  test("is another one each time, and shows nothing of what it holds", () => {
    const [one, two] = [seal(keyring, place, "secret"), seal(keyring, place, "secret")];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^v2\.[0-9a-f]{8}\.[\w-]{43}\.[\w-]{16}\.[\w-]+$/);
    expect(Buffer.from(one.split(".")[4] ?? "", "base64url").toString("latin1")).not.toContain(
      "secret",
    );
  });

  test("opens with no bit of it changed", () => {
    const [version, id, bound = "", nonce = "", body = ""] = seal(keyring, place, "secret").split(
      ".",
    );
    const flipped = (part: string) => {
      const bytes = Buffer.from(part, "base64url");
      return Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const copy = Buffer.from(bytes);
        copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return copy.toString("base64url");
      });
    };
    const changed = [
      ...flipped(bound).map((other) => [version, id, other, nonce, body]),
      ...flipped(nonce).map((other) => [version, id, bound, other, body]),
      ...flipped(body).map((other) => [version, id, bound, nonce, other]),
    ];
    expect(changed.length).toBe((32 + 12 + 6 + 16) * 8);
    for (const parts of changed)
      expect(() => unseal(keyring, place, parts.join("."))).toThrow(SealError);
  });

  test("is none of another version or shape", () => {
    const texts = ["", "secret", "a.b.c", "v2....", "v3.a.b.c.d", "v2.a.b.c", "v2.a.b.c.d.e"];
    for (const text of texts) expect(() => unseal(keyring, place, text)).toThrow(SealError);
  });

  const text = fc.string({ unit: "binary", maxLength: 60 });
  const anyDestination = fc.option(fc.array(fc.option(text), { maxLength: 4 }));
  const anyPlace = fc.record({ table: text, id: text, column: text, destination: anyDestination });

  test("opens in no other place, also where parts are shifted into each other or one is left out", () => {
    const { destination } = place;
    const sealed = seal(keyring, place, "secret");
    for (const elsewhere of [
      ...[{ id: "2" }, { column: "accessTokenSealed" }, { table: "ClientCredential" }],
      { id: "1\0cache", column: "Sealed" },
      { destination: ["contoso.test", "995", null] },
      { destination: destination?.slice(0, 2) ?? null },
      { destination: ["contoso.test,993", null] },
      { destination: null },
    ])
      expect(() => unseal(keyring, { ...place, ...elsewhere }, sealed)).toThrow(SealError);
    fc.assert(
      fc.property(text, anyPlace, anyPlace, (plain, here, there) => {
        fc.pre(JSON.stringify(here) !== JSON.stringify(there));
        fc.pre(
          [here, there].every(
            ({ destination: _, ...cell }) => !/\0/.test(Object.values(cell).join("")),
          ),
        );
        const sealed = seal(keyring, here, plain);
        expect(unseal(keyring, here, sealed)).toBe(plain);
        expect(() => unseal(keyring, there, sealed)).toThrow(SealError);
      }),
      { numRuns: RUNS },
    );
  });

  test("opens with nothing cut off, at either end, and nothing added", () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.string({ minLength: 1, maxLength: 8 }), (plain, at, more) => {
        const sealed = seal(keyring, place, plain);
        const cut = at % sealed.length;
        const others = [sealed.slice(0, cut), sealed.slice(cut + 1), sealed + more, more + sealed];
        for (const other of others)
          expect(() => unseal(keyring, place, other), other).toThrow(SealError);
      }),
      { numRuns: RUNS },
    );
  });

  test("is never a text that was stored as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (one, two) => {
        for (const plain of [one, `v2.${one}`, `v2.${keyring.current.id}.${one}.${one}.${two}`])
          expect(() => unseal(keyring, place, plain)).toThrow(SealError);
      }),
      { numRuns: RUNS },
    );
  });

  test("opens with no other key, and after a new key came first, while the old one is kept", () => {
    const sealed = seal(keyring, place, "secret");
    expect(() => unseal(createKeyring([second]), place, sealed)).toThrow(/another key/);
    const rotated = createKeyring([second, first]);
    expect(unseal(rotated, place, sealed)).toBe("secret");
    const renewed = seal(rotated, place, "secret");
    expect(unseal(createKeyring([second]), place, renewed)).toBe("secret");
    expect(() => unseal(keyring, place, renewed)).toThrow(SealError);
  });
});

describe("a key", () => {
  test("has 32 bytes, in base64 or hex", () => {
    const bytes = randomBytes(32);
    const sealed = seal(createKeyring([bytes.toString("hex")]), place, "x");
    expect(unseal(createKeyring([bytes.toString("base64")]), place, sealed)).toBe("x");
    for (const length of [0, 5, 31, 33])
      expect(() => createKeyring([randomBytes(length).toString("base64")])).toThrow(/32 bytes/);
    expect(() => createKeyring([])).toThrow(SealError);
  });
  test("gives another one for each purpose", () => {
    expect(deriveKey(keyring, "a")).not.toBe(deriveKey(keyring, "b"));
    expect(deriveKey(keyring, "a")).toBe(deriveKey(createKeyring([first]), "a"));
    expect(deriveKey(keyring, "a")).not.toBe(deriveKey(createKeyring([second]), "a"));
  });
});

test("tokens are random, and stored as hashes", () => {
  const tokens = Array.from({ length: 1_000 }, randomToken);
  expect(new Set(tokens).size).toBe(1_000);
  expect(tokens.every((token) => /^[\w-]{43}$/.test(token))).toBe(true);
  expect(hashToken("a")).not.toBe(hashToken("b"));
});
