import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";
import { createEmailAccount } from "../mutations";
import { proposeKey } from "../queries";
import { keyProposals } from "./proposals";

withDatabase();
const ada = administrator();

beforeEach(() => db().emailAccount.deleteMany());

const add = (key: string) =>
  createEmailAccount(
    ada,
    accountForm({ key, service: "yahoo", modernAuthentication: false, password: "app password" }),
  );

describe("the key that is proposed for a name", () => {
  test.each([
    ["the beginning of its only word", "Support", "SUP"],
    ["the initials of several words", "Sales Team Berlin", "STB"],
    ["without what is no letter or digit", "  (info) – 24/7 ", "I247"],
    ["the initial and the number that the name has", "User 004", "U004"],
    ["the number alone, where there is nothing else", "24/7", "247"],
  ])("is %s", (_what, name, key) => expect(keyProposals(name)[0]).toBe(key));

  test("is none while there is nothing to make one of", () => {
    for (const name of ["", "   ", "!?", "😀"]) expect(keyProposals(name)).toEqual([]);
  });
});

test("a proposed key is free: a longer one, then a number, when accounts have the first ones", async () => {
  expect(await proposeKey(ada, { name: "Support" })).toBe("SUP");
  await add("sup");
  expect(await proposeKey(ada, { name: "Support" })).toBe("SUPP");
  await add("SUPP");
  await add("SUPPO");
  expect(await proposeKey(ada, { name: "Support" })).toBe("SUP2");
  await add("SUP2");
  expect(await proposeKey(ada, { name: "Support" })).toBe("SUP3");
});
