import { beforeEach, describe, expect, test } from "vitest";
import { forgetSingletons, singletons } from "@/lib/testing/singletons";
import { type Client, inTurn } from "./hash-turns";
import { hashPassword, isSamePassword, verifyPassword } from "./password-hash";

test("a password's hash is salted scrypt of the size that OWASP asks for", async () => {
  singletons.postkey?.delete("password-hash-cost");
  const hash = await hashPassword("secret").finally(forgetSingletons);
  expect(hash).toMatch(/^scrypt\$17\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
});

test("only the password opens its hash, and no password one that is none", async () => {
  const [one, two] = await Promise.all([hashPassword("secret"), hashPassword("secret")]);
  expect(one).not.toBe(two);
  expect(await verifyPassword("secret", one)).toBe(true);
  expect(await verifyPassword("Secret", one)).toBe(false);
  for (const stored of [null, "", "scrypt$17$8$1$$", "plain"])
    expect(await verifyPassword("", stored)).toBe(false);
});

test("a password is the same however the keyboard composes it", () => {
  expect(isSamePassword("caf\u00e9 au lait at noon", "cafe\u0301 au lait at noon")).toBe(true);
  expect(isSamePassword("café au lait at noon", "cafe au lait at noon")).toBe(false);
});

describe("hashes are taken in turns", () => {
  const stranger = (name: string) => ({ name, isKnown: false });
  const known = { name: "known", isKnown: true };
  let started: string[];
  let gates: (() => void)[];
  let isOpen: boolean;
  const take = (client: Client) =>
    inTurn(client, () => {
      started.push(client.name);
      return isOpen ? Promise.resolve() : new Promise<void>((open) => gates.push(open));
    });
  const endNext = () => gates.shift()?.();
  const endAll = (all: Promise<unknown>[]) => {
    isOpen = true;
    for (const open of gates) open();
    return Promise.allSettled(all);
  };
  beforeEach(() => {
    [started, gates, isOpen] = [[], [], false];
  });

  test("one at a time for each client, two in all, and those that are known go first", async () => {
    const all = [...["a", "a", "b"].map((name) => take(stranger(name))), take(known)];
    await expect.poll(() => started).toEqual(["a", "b"]);
    for (const expected of ["known", "a"]) {
      endNext();
      await expect.poll(() => started.at(-1)).toBe(expected);
    }
    await endAll(all);
  });

  test("with one for a crowd of strangers, so that whoever is known waits for none of them", async () => {
    const all = ["a", "b", "c", "d"].map((name) => take(stranger(name)));
    await expect.poll(() => started).toEqual(["a", "b"]);
    endNext();
    endNext();
    await expect.poll(() => started).toEqual(["a", "b", "c", "d"]);
    for (const name of ["e", "f", "g"]) all.push(take(stranger(name)));
    endNext();
    endNext();
    await expect.poll(() => started.at(-1)).toBe("e");
    all.push(take(known));
    await expect.poll(() => started.at(-1)).toBe("known");
    expect(started).not.toContain("f");
    await endAll(all);
  });

  test("and whoever finds no place is told at once when to come back", async () => {
    const flood = Array.from({ length: 500 }, (_, at) => take(stranger(`s${at}`)));
    const one = Array.from({ length: 50 }, () => take({ name: "one", isKnown: true }));
    const ended = Promise.allSettled([...flood, ...one]);
    await expect(take(stranger("late"))).rejects.toMatchObject({
      code: "too_many_requests",
      retryAfterSeconds: 2,
    });
    await endAll([]);
    const served = (await ended).filter(({ status }) => status === "fulfilled");
    expect(served).toHaveLength(2 + 16 + 4);
  });
});
