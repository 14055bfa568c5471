import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm } from "@/lib/testing/sign-in";
import { createEmailAccount } from "../mutations";
import { proposeKey } from "../queries";
import { createEmailAccountSchema } from "../schema";
import { keyProposals } from "./proposals";

withInstallation();
const ada = administrator();

beforeEach(async () => {
  await db().emailAccount.deleteMany();
});

const add = (key: string) =>
  createEmailAccount(
    ada,
    accountForm({ key, service: "yahoo", modernAuthentication: false, password: "app password" }),
  );

describe("the key that is proposed for a name", () => {
  test.each([
    ["the beginning of its only word", "Support", "SUP"],
    ["the initials of several words", "Sales Team Berlin", "STB"],
    ["five initials of many words", "One two three four five six", "OTTFF"],
    ["without what is no letter or digit", "  (info) – 24/7 ", "I27"],
    ["with the letters of any alphabet", "Käufer Österreich", "KÖ"],
  ])("is %s", (_what, name, key) => {
    expect(keyProposals(name)[0]).toBe(key);
  });

  test("is none while there is nothing to make one of", () => {
    for (const name of ["", "   ", "!?", "😀"]) expect(keyProposals(name)).toEqual([]);
  });

  test("passes as a key, each of them", () => {
    const key = createEmailAccountSchema.in.shape.key;
    for (const proposal of keyProposals("Mönchengladbach ǅ Überweisungen"))
      expect(key.safeParse(proposal).success, proposal).toBe(true);
  });
});

describe("a proposed key", () => {
  test("is free: a longer one, then a number, when accounts have the first ones", async () => {
    expect(await proposeKey(ada, { name: "Support" })).toBe("SUP");
    await add("sup");
    expect(await proposeKey(ada, { name: "Support" })).toBe("SUPP");
    await add("SUPP");
    await add("SUPPO");
    expect(await proposeKey(ada, { name: "Support" })).toBe("SUP2");
    await add("SUP2");
    expect(await proposeKey(ada, { name: "Support" })).toBe("SUP3");
  });

  test("is what a new account gets whose key is left out, each another", async () => {
    const made = await Promise.all([add(""), add(""), add("")]);
    const accounts = await db().emailAccount.findMany({ orderBy: { key: "asc" } });
    expect(made).toHaveLength(3);
    expect(accounts.map(({ key }) => key)).toEqual(["SUP", "SUPP", "SUPPO"]);
  });

  test("is asked for where the name gives none", async () => {
    const form = { service: "yahoo", modernAuthentication: false, password: "app password" };
    await expect(
      createEmailAccount(ada, accountForm({ ...form, key: "", name: "!?" })),
    ).rejects.toMatchObject({ code: "unprocessable", fields: { key: ["Enter a key."] } });
  });

  test("is for those who may add accounts", async () => {
    const reader = program("accounts:read");
    await expect(proposeKey(reader, { name: "Support" })).rejects.toMatchObject({
      code: "access_denied",
    });
  });
});
