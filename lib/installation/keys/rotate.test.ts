import { statSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { withKeyFile } from "@/e2e/faults/key-file";
import { verifyAudit } from "@/lib/audit/verify";
import { createKeyring, type Keyring, seal, unseal } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { createApiKey } from "@/lib/testing/made";
import { passwordPlace, sealPasswords } from "@/lib/testing/sealed-passwords";
import { rotateKeys } from "@/scripts/rotate-keys";
import { readKeyFile } from "./key-file";
import { resealColumn } from "./mutations";
import { findSealedColumns } from "./queries";

/** The operator's command in this process; rotate.long.test.ts kills those of its own. */
withDatabase();
const { keyFile } = withKeyFile();
const printed: string[] = [];
/** What is in which row, however often it was sealed anew. */
let passwords: Map<string, string>;

beforeAll(async () => {
  vi.spyOn(console, "log").mockImplementation((line) => printed.push(line));
  await createApiKey(administrator(), { name: "Motion", permissions: ["accounts:read"] });
  passwords = await sealPasswords(600);
});
afterAll(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const rotate = () => rotateKeys({ settleMs: 10 });

/** Does something before a statement like this is sent. */
async function before(statement: RegExp, happens: () => unknown, work: () => Promise<unknown>) {
  const real = pool().query.bind(pool());
  const racing = async (...args: unknown[]) => {
    if (statement.test(String(args[0]))) await happens();
    return Reflect.apply(real, pool(), args);
  };
  Object.assign(pool(), { query: racing });
  return work().finally(() => Object.assign(pool(), { query: real }));
}

async function write(id: string, password: string, keyring: Keyring = env().keyring) {
  const passwordSealed = seal(keyring, passwordPlace(id), password);
  await db().emailAccount.update({ where: { id }, data: { passwordSealed } });
  passwords.set(id, password);
}

test("a rotation that breaks off goes on where it was, loses nothing that others write, and needs the new key alone", async () => {
  const [old = ""] = readKeyFile(keyFile);
  const [id = ""] = passwords.keys();
  const dies = () => Promise.reject(new Error("killed"));
  const broken = before(/^UPDATE "Installation" t/, dies, rotate);
  await expect(broken).rejects.toThrow("killed");
  expect(readKeyFile(keyFile)).toEqual([expect.any(String), old]);
  await write(id, "written meanwhile", createKeyring([old]));
  await rotate();
  const keys = readKeyFile(keyFile);
  expect(keys).toHaveLength(1);
  expect(keys).not.toContain(old);
  expect(readKeyFile(`${keyFile}.retired`)).toEqual([old]);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const accounts = await db().emailAccount.findMany({ select: { id: true, passwordSealed: true } });
  const opened = accounts.map(({ id, passwordSealed }): [string, string] => [
    id,
    unseal(createKeyring(keys), passwordPlace(id), passwordSealed ?? ""),
  ]);
  expect(new Map(opened)).toEqual(passwords);
  const report = printed.join("\n");
  expect(report).toMatch(/EmailAccount\.passwordSealed +600 sealed\n/);
  expect(report).toMatch(/Installation\.auditKeySealed +1 sealed\n/);
  expect(report).toMatch(/KeyCanary\.sealed +1 sealed\n/);
  // The trail goes on with the same key of its own.
  env().keyring = createKeyring(keys);
  expect(await verifyAudit()).toMatchObject({ isIntact: true });
});

test("what no key opens is named, and keeps the old key in its place", async () => {
  const [id = ""] = passwords.keys();
  const { passwordSealed } = await db().emailAccount.findUniqueOrThrow({ where: { id } });
  const broken = `${passwordSealed?.slice(0, -6)}AAAAAA`;
  await db().emailAccount.update({ where: { id }, data: { passwordSealed: broken } });
  await rotate();
  expect(process.exitCode).toBe(1);
  expect(printed.join("\n")).toContain(`EmailAccount ${id}: no key opens passwordSealed`);
  expect(readKeyFile(keyFile)).toHaveLength(2);
  await db().emailAccount.update({ where: { id }, data: { passwordSealed } });
  await rotate();
  expect(readKeyFile(keyFile)).toHaveLength(1);
});

test("two do not rotate at the same time", async () => {
  const outcomes = await Promise.allSettled([rotate(), rotate()]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
    reason: { message: expect.stringContaining("already rotating") },
  });
});

test("a value that was written meanwhile is not overwritten", async () => {
  const keyring = createKeyring([...readKeyFile(keyFile), ...readKeyFile(`${keyFile}.retired`)]);
  const [id = ""] = passwords.keys();
  const [, older = ""] = readKeyFile(`${keyFile}.retired`).reverse();
  await write(id, "before", createKeyring([older]));
  const where = (await findSealedColumns()).find(({ column }) => column === "passwordSealed");
  if (!where) throw new Error("no column");
  // Another process writes between the read of a row and its replacement.
  const happens = () => write(id, "after", createKeyring([older]));
  const done = await before(/^UPDATE "EmailAccount" t/, happens, () =>
    resealColumn(keyring, where),
  );
  expect(done).toMatchObject({ resealed: 0, overtaken: 1 });
  const row = await db().emailAccount.findUniqueOrThrow({ where: { id } });
  expect(unseal(keyring, passwordPlace(id), row.passwordSealed ?? "")).toBe("after");
});
