import { beforeEach, expect, test } from "vitest";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { createApiKey } from "@/lib/testing/made";
import { revokeApiKey } from "./mutations";
import { listApiKeys } from "./queries";
import { createApiKeySchema } from "./schema";
import { findApiKey } from "./store";

withDatabase();
const ada = administrator();

beforeEach(() => db().apiKey.deleteMany());

const create = (name = "Motion") =>
  createApiKey(ada, { name, permissions: ["tokens:read", "accounts:read"] });
const find = (key: string) => findApiKey(hashToken(key));

test("a key is shown once, and only its hash is stored", async () => {
  const { key } = await create();
  expect(key).toMatch(/^pk_[\w-]{43}$/);
  const [row] = await db().apiKey.findMany();
  expect(JSON.stringify(row)).not.toContain(key.slice(3));
  expect(row?.hint).toBe(key.slice(-4));
  expect((await listApiKeys(ada)).rows).toMatchObject([
    {
      name: "Motion",
      createdByName: "Ada",
      permissionsText: "Fetch access tokens, Read email accounts",
    },
  ]);
  const found = (search: string) => listApiKeys(ada, { search });
  expect((await found("access tokens")).rows).toHaveLength(1);
  expect((await found("contacts")).rows).toEqual([]);
  expect(Object.keys((await listApiKeys(ada)).rows[0] ?? {})).not.toContain("keyHash");
});

test("a key is known by itself alone, with its permissions, until it runs out", async () => {
  const { key } = await create();
  expect(await find(key)).toMatchObject({
    name: "Motion",
    permissions: ["tokens:read", "accounts:read"],
  });
  for (const other of [key.toUpperCase(), `${key}x`]) expect(await find(other)).toBeNull();
  await db().apiKey.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  expect(await find(key)).toBeNull();
});

test("a revoked key works no more, from the next request on", async () => {
  const { key } = await create();
  const [row] = (await listApiKeys(ada)).rows;
  const id = row?.id ?? "";
  await revokeApiKey(ada, { id });
  expect(await find(key)).toBeNull();
  expect((await listApiKeys(ada)).rows).toEqual([]);
  await expect(revokeApiKey(ada, { id })).rejects.toMatchObject({ code: "not_found" });
});

test("the form is refused without a name or permissions, and with more than there is", () => {
  const form = { name: "Motion", permissions: ["tokens:read"] };
  expect(createApiKeySchema.safeParse(form).success).toBe(true);
  for (const changes of [
    { permissions: [] },
    { permissions: ["keys:write"] },
    { permissions: ["__proto__"] },
    { name: "\u3000" },
    { keyHash: "x" },
  ])
    expect(createApiKeySchema.safeParse({ ...form, ...changes }).success).toBe(false);
});

test("a key for chosen accounts of which none was chosen is refused, and never one for all", () => {
  const form = { name: "Motion", permissions: ["accounts:read"], accountIds: [] };
  const { error } = createApiKeySchema.safeParse(form);
  expect(error?.issues.map(({ path }) => path)).toEqual([["accountIds"]]);
});
