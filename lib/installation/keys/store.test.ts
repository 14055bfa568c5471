import { afterEach, expect, test } from "vitest";
import { createKeyring, type Keyring, newKey, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { withDatabase } from "@/lib/testing/database";
import { isKeyRight } from "./store";

withDatabase();
let right: Keyring | undefined;

afterEach(() => {
  if (right) env().keyring = right;
});

function use(...keys: string[]): void {
  right ??= env().keyring;
  env().keyring = createKeyring(keys);
}

test("the first start leaves a proof, and later ones with the same key find it", async () => {
  expect(await isKeyRight()).toBe(true);
  const proof = await db().keyCanary.findMany();
  expect(await isKeyRight()).toBe(true);
  expect(await db().keyCanary.findMany()).toEqual(proof);
});

test("a wrong key is found out, and writes nothing", async () => {
  await isKeyRight();
  const proof = await db().keyCanary.findMany();
  use(newKey());
  expect(await isKeyRight()).toBe(false);
  expect(await db().keyCanary.findMany()).toEqual(proof);
});

test("a proof that was removed is not made again with a wrong key", async () => {
  await isKeyRight();
  const place = {
    table: "Installation",
    id: "1",
    column: "calendarTokenSealed",
    destination: null,
  };
  const data = { calendarTokenSealed: seal(env().keyring, place, "x") };
  await db().installation.update({ where: { id: 1 }, data });
  await db().keyCanary.deleteMany();
  use(newKey());
  expect(await isKeyRight()).toBe(false);
  expect(await db().keyCanary.count()).toBe(0);
  if (right) env().keyring = right;
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
