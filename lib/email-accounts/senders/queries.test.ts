import { expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { searchSenders } from "./queries";

withDatabase();
const ada = administrator();

const PASSWORD = { modernAuthentication: false };

async function add(name: string, changes: object = {}): Promise<void> {
  const address = `${name.toLowerCase()}@contoso.test`;
  const names = { name, nameKey: name.toLowerCase(), key: name, keyKey: name.toLowerCase() };
  const mailbox = { emailAddress: address, emailKey: address, service: "outlook365" };
  const login = { username: address, usernameKey: address, modernAuthentication: true };
  await db().emailAccount.create({ data: { ...names, ...mailbox, ...login, ...changes } });
}

test("what works comes before what does not, each with how it stands", async () => {
  await add("Anna");
  await add("Zoe", PASSWORD);
  await add("Max", PASSWORD);
  await add("Bert", { ...PASSWORD, imapVerdict: "failed" });
  await add("Gone", { active: false });
  const { found, hasMore } = await searchSenders(ada, "");
  expect(found.map(({ name, state }) => [name, state])).toEqual([
    ["Max", "password"],
    ["Zoe", "password"],
    ["Anna", "no_provider"],
    ["Bert", "test_failed"],
  ]);
  expect(hasMore).toBe(false);
  expect((await searchSenders(ada, "bert")).found).toHaveLength(1);
});
