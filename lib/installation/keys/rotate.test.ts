import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "@/lib/access/api-keys/mutations";
import { verifyAudit } from "@/lib/audit/verify";
import { createKeyring, seal, unseal } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { forgetSingletons, withDatabase } from "@/lib/testing/database";
import { either, report } from "@/lib/testing/long";
import { bundle } from "@/scripts/build.mjs";
import { createKeyFile, readKeyFile } from "./key-file";
import { resealColumn } from "./mutations";
import { findSealedColumns } from "./queries";
import { resealEverything } from "./rotate";
import { isKeyRight } from "./store";

withDatabase();

/** `npm run test:long` asks for more. */
const KILLS = either({ short: 10, long: 50 });
const ROWS = 6_000;
const BUILD = ".build/test-keys";

let folder: string;
let keyFile: string;
/** What is in which row, however often it was sealed anew. */
const passwords = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postkey-keys-"));
  keyFile = join(folder, "key");
  createKeyFile(keyFile);
  delete process.env.POSTKEY_KEY;
  process.env.POSTKEY_KEY_FILE = keyFile;
  forgetSingletons();
  await isKeyRight();
  await bundle({ operate: "scripts/operate.ts" }, BUILD);
  await fill();
});
afterAll(() => {
  delete process.env.POSTKEY_KEY_FILE;
  for (const path of [folder, BUILD]) rmSync(path, { recursive: true, force: true });
});

/** Rotation goes by what the envelopes say; these lead nowhere. */
const place = (id: string) => ({
  table: "EmailAccount",
  id,
  column: "passwordSealed",
  destination: null,
});

async function fill(): Promise<void> {
  const { rows } = await pool().query<{ id: string }>(
    `INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey",
       service, "modernAuthentication", username, "usernameKey")
     SELECT gen_random_uuid(), 'A', 'a', n::text, n::text, 'a@b.test', 'a@b.test', 'custom', false, 'a', 'a'
     FROM generate_series(1, ${ROWS}) n RETURNING id`,
  );
  for (const { id } of rows) passwords.set(id, `password of ${id}`);
  const ids = [...passwords.keys()];
  await pool().query(
    `UPDATE "EmailAccount" a SET "passwordSealed" = n.sealed
     FROM unnest($1::uuid[], $2::text[]) AS n(id, sealed) WHERE a.id = n.id`,
    [ids, ids.map((id) => seal(env().keyring, place(id), passwords.get(id) ?? ""))],
  );
}

/** The operator's command, as its script starts it. */
function rotate(settleMs = 200): { child: ChildProcess; output: () => string } {
  let text = "";
  const child = spawn(
    process.execPath,
    ["--conditions=react-server", `${BUILD}/operate.mjs`, "keys-rotate"],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, POSTKEY_KEY_FILE: keyFile, POSTKEY_ROTATION_SETTLE_MS: `${settleMs}` },
    },
  );
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += chunk;
    });
  return { child, output: () => text };
}

async function countOld(keyId: string): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    `SELECT count(*)::int FROM "EmailAccount" WHERE "passwordSealed" LIKE 'v2.${keyId}.%'`,
  );
  return rows[0]?.count ?? 0;
}

/** Changes passwords all the time, as people do, with whatever key is in front. */
function startWriter(): () => Promise<number> {
  const ids = [...passwords.keys()];
  let isStopping = false;
  let writes = 0;
  const run = async () => {
    while (!isStopping) {
      const id = ids[Math.floor(Math.random() * ids.length)] ?? "";
      writes += 1;
      const password = `new password ${writes}`;
      const passwordSealed = seal(env().keyring, place(id), password);
      await db().emailAccount.update({
        where: { id },
        data: { passwordSealed },
        select: { id: true },
      });
      passwords.set(id, password);
    }
  };
  const running = run();
  return async () => {
    isStopping = true;
    await running;
    return writes;
  };
}

test("a rotation that is killed again and again loses nothing, while others write", async () => {
  await createApiKey(administrator(), { name: "Motion", permissions: ["accounts:read"] });
  const [old = ""] = readKeyFile(keyFile);
  const oldId = createKeyring([old]).current.id;
  const stopWriter = startWriter();
  let kills = 0;
  for (let round = 1; round <= KILLS; round += 1) {
    const { child } = rotate();
    const gone = once(child, "exit");
    const target = ROWS * (1 - round / (KILLS + 1));
    while (child.exitCode === null && (await countOld(oldId)) > target) await sleep(2);
    if (child.kill("SIGKILL")) kills += 1;
    await gone;
    const keys = readKeyFile(keyFile);
    expect(keys).toContain(old);
    expect(keys.length).toBeLessThanOrEqual(2);
  }
  const { child, output } = rotate();
  const [code] = await once(child, "exit");
  const writes = await stopWriter();
  expect(code, output()).toBe(0);
  expect(kills).toBe(KILLS);
  expect(writes).toBeGreaterThan(50);

  report("killed rotations of the key", { kills, rows: ROWS, "written meanwhile": writes });
  const keys = readKeyFile(keyFile);
  expect(keys).toHaveLength(1);
  expect(keys).not.toContain(old);
  expect(readKeyFile(`${keyFile}.retired`)).toEqual([old]);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const alone = createKeyring(keys);
  const accounts = await db().emailAccount.findMany({ select: { id: true, passwordSealed: true } });
  const opened = accounts.map(({ id, passwordSealed }) => [
    id,
    unseal(alone, place(id), passwordSealed ?? ""),
  ]);
  expect(new Map(opened as [string, string][])).toEqual(passwords);
  expect(output()).toMatch(/EmailAccount\.passwordSealed +6000 sealed\n/);
  expect(output()).toMatch(/Installation\.auditKeySealed +1 sealed\n/);
  expect(output()).toMatch(/KeyCanary\.sealed +1 sealed\n/);
  // The trail goes on with the same key of its own.
  expect(await verifyAudit()).toMatchObject({ isIntact: true });
}, 600_000);

test("what no key opens is named, and keeps the old key in its place", async () => {
  const [id = ""] = passwords.keys();
  const { passwordSealed } = await db().emailAccount.findUniqueOrThrow({ where: { id } });
  const broken = `${passwordSealed?.slice(0, -6)}AAAAAA`;
  await db().emailAccount.update({ where: { id }, data: { passwordSealed: broken } });
  const { child, output } = rotate();
  const [code] = await once(child, "exit");
  expect(code).toBe(1);
  expect(output()).toContain(`EmailAccount ${id}: no key opens passwordSealed`);
  expect(readKeyFile(keyFile)).toHaveLength(2);
  await db().emailAccount.update({ where: { id }, data: { passwordSealed } });
  const again = rotate();
  await once(again.child, "exit");
  expect(readKeyFile(keyFile), again.output()).toHaveLength(1);
}, 60_000);

test("two do not rotate at the same time", async () => {
  const both = [rotate(3_000), rotate(3_000)];
  const codes = await Promise.all(both.map(async ({ child }) => (await once(child, "exit"))[0]));
  const text = both.map(({ output }) => output()).join("\n");
  expect([...codes].sort(), text).toEqual([0, 1]);
  expect(text).toContain("already rotating");
  expect((await resealEverything(createKeyring(readKeyFile(keyFile)))).isComplete).toBe(true);
}, 60_000);

test("a value that was written meanwhile is not overwritten", async () => {
  const keyring = createKeyring([...readKeyFile(keyFile), ...readKeyFile(`${keyFile}.retired`)]);
  const [id = ""] = passwords.keys();
  const [, older = ""] = readKeyFile(`${keyFile}.retired`).reverse();
  const sealedBefore = seal(createKeyring([older]), place(id), "before");
  const after = seal(createKeyring([older]), place(id), "after");
  await db().emailAccount.update({ where: { id }, data: { passwordSealed: sealedBefore } });
  // Another process writes between the read of a row and its replacement.
  const real = pool().query.bind(pool());
  let hasWritten = false;
  const racing = async (...args: unknown[]) => {
    if (/^UPDATE "EmailAccount" t/.test(String(args[0])) && !hasWritten) {
      hasWritten = true;
      await db().emailAccount.update({ where: { id }, data: { passwordSealed: after } });
    }
    return Reflect.apply(real, pool(), args);
  };
  Object.assign(pool(), { query: racing });
  const where = (await findSealedColumns()).find(({ column }) => column === "passwordSealed");
  if (!where) throw new Error("no column");
  const done = await resealColumn(keyring, where).finally(() =>
    Object.assign(pool(), { query: real }),
  );
  expect(done).toMatchObject({ resealed: 0, overtaken: 1 });
  const row = await db().emailAccount.findUniqueOrThrow({ where: { id } });
  expect(unseal(keyring, place(id), row.passwordSealed ?? "")).toBe("after");
}, 30_000);
