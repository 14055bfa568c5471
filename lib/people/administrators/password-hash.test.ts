import { beforeEach, describe, expect, test } from "vitest";
import { forgetSingletons, singletons } from "@/lib/testing/singletons";
import { hashPassword, inTurn, isSamePassword, verifyPassword } from "./password-hash";

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
  let started: string[];
  let gates: (() => void)[];
  let isOpen: boolean;
  const take = (who: "known" | "stranger") =>
    inTurn(who, () => {
      started.push(who);
      return isOpen ? Promise.resolve() : new Promise<void>((open) => gates.push(open));
    });
  const endAll = (all: Promise<unknown>[]) => {
    isOpen = true;
    for (const open of gates) open();
    return Promise.allSettled(all);
  };
  beforeEach(() => {
    [started, gates, isOpen] = [[], [], false];
  });

  test("two at once, of which one is a stranger's, and those that are known go first", async () => {
    const all = [take("stranger"), take("stranger"), take("known"), take("known")];
    await expect.poll(() => started).toEqual(["stranger", "known"]);
    gates.shift()?.();
    await expect.poll(() => started).toEqual(["stranger", "known", "known"]);
    await endAll(all);
    expect(started).toHaveLength(4);
  });

  test("and whoever finds no place is told at once when to come back", async () => {
    const flood = [
      ...Array.from({ length: 500 }, () => take("stranger")),
      ...Array.from({ length: 50 }, () => take("known")),
    ];
    const ended = Promise.allSettled(flood);
    await expect(take("stranger")).rejects.toMatchObject({
      code: "too_many_requests",
      retryAfterSeconds: 2,
    });
    await endAll([]);
    const served = (await ended).filter(({ status }) => status === "fulfilled");
    expect(served).toHaveLength(2 + 2 * 16);
  });
});
