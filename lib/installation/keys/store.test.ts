import { afterEach, beforeEach, expect, test } from "vitest";
import { createKeyring, type Keyring, newKey, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { withDatabase } from "@/lib/testing/database";
import { isKeyRight } from "./store";

withDatabase();
let right: Keyring;
const use = (...keys: string[]) => {
  env().keyring = createKeyring(keys);
};

beforeEach(() => {
  right = env().keyring;
});
afterEach(() => {
  env().keyring = right;
});

test("the first start leaves a proof, which the same key finds and a wrong one does not touch", async () => {
  expect(await isKeyRight()).toBe(true);
  const proof = await db().keyCanary.findMany();
  expect(await isKeyRight()).toBe(true);
  use(newKey());
  expect(await isKeyRight()).toBe(false);
  expect(await db().keyCanary.findMany()).toEqual(proof);
});

test("a proof that was removed is not made again with a wrong key", async () => {
  const column = "calendarTokenSealed";
  const place = { table: "Installation", id: "1", column, destination: null };
  const data = { calendarTokenSealed: seal(env().keyring, place, "x") };
  await db().installation.update({ where: { id: 1 }, data });
  await db().keyCanary.deleteMany();
  use(newKey());
  expect(await isKeyRight()).toBe(false);
  expect(await db().keyCanary.count()).toBe(0);
  env().keyring = right;
  expect(await isKeyRight()).toBe(true);
  await db().installation.update({ where: { id: 1 }, data: { calendarTokenSealed: null } });
});

test("a new key in front of the old one is right", async () => {
  const old = newKey();
  await db().keyCanary.deleteMany();
  use(old);
  await isKeyRight();
  use(newKey(), old);
  expect(await isKeyRight()).toBe(true);
});
