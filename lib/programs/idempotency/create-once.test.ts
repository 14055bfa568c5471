import { createHash } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { createKeyring, newKey } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { refusedBy } from "@/lib/remedies/app-error";
import { program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { type CreationAnswer, createOnce } from "./mutations";

withDatabase();
let motion = program("accounts:read");
let made = 0;

beforeEach(async () => {
  motion = program("accounts:read");
  made = 0;
  await db().apiKey.create({
    data: { id: motion.id, name: "M", keyHash: motion.id, hint: "", createdByName: "Ada" },
  });
});

const body = (password: string) => ({ name: "Support", password });
const creation = (password: string) => ({
  key: "once",
  method: "POST",
  path: "/api/emailAccounts",
  body: body(password),
});
const create = (password = "Sommer2026") =>
  createOnce(motion, creation(password), async (): Promise<CreationAnswer> => {
    made += 1;
    return { status: 201, body: "{}" };
  });

async function stored(): Promise<string> {
  const row = await db().idempotencyKey.findFirstOrThrow({ where: { apiKeyId: motion.id } });
  return row.fingerprint;
}

test("another request with the same key is refused, before and after the key was rotated", async () => {
  await create();
  await expect(create("another")).rejects.toMatchObject({ code: "unprocessable" });
  const { keyring } = env();
  const added = createKeyring([newKey()]);
  env().keyring = {
    current: added.current,
    byId: new Map([...added.byId, ...keyring.byId]),
  };
  await expect(create("another")).rejects.toMatchObject({ code: "unprocessable" });
  expect(await create()).toMatchObject({ status: 201, isReplayed: true });
  expect(made).toBe(1);
});

test("a request whose fingerprint was made with a retired key is not done twice", async () => {
  await create();
  env().keyring = createKeyring([newKey()]);
  expect(await create()).toMatchObject({ status: 201, isReplayed: true });
  expect(made).toBe(1);
});

test.each([
  ["may be on its way is sent once", "graph.outcome_unknown", "conflict"],
  ["was asked to wait is sent later", "graph.busy", "temporarily_unavailable"],
] as const)("a message that %s under the same key", async (_, remedyId, code) => {
  const send = () =>
    createOnce(motion, creation("x"), async () => {
      made += 1;
      throw refusedBy(remedyId, code);
    });
  await expect(send()).rejects.toMatchObject({ remedyId });
  await expect(send()).rejects.toThrow();
  expect(made).toBe(remedyId === "graph.busy" ? 2 : 1);
});

test("whoever reads the database cannot try passwords until one fits", async () => {
  await create();
  const [, mac = ""] = (await stored()).split(".");
  const { key: _, method, path, body: sent } = creation("Sommer2026");
  const texts = [[method, path, sent], sent, "Sommer2026"].map((each) => JSON.stringify(each));
  const guesses = ["sha256", "sha384", "sha512"].flatMap((algorithm) =>
    texts.map((text) => createHash(algorithm).update(text).digest("base64url")),
  );
  expect(guesses).not.toContain(mac);
  // The same request under another key of the installation has another fingerprint altogether.
  const first = await stored();
  env().keyring = createKeyring([newKey()]);
  await db().idempotencyKey.deleteMany();
  await create();
  expect((await stored()).split(".")[1]).not.toBe(first.split(".")[1]);
});
