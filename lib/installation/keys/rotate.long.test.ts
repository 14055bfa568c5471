import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withKeyFile } from "@/e2e/faults/key-file";
import { createKeyring, seal, unseal } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { startBundle } from "@/lib/testing/bundle-process";
import { withDatabase } from "@/lib/testing/database";
import { report } from "@/lib/testing/long";
import { passwordPlace, sealPasswords } from "@/lib/testing/sealed-passwords";
import { bundle } from "@/scripts/build.mjs";
import { readKeyFile } from "./key-file";

withDatabase();
const { keyFile } = withKeyFile();

const KILLS = 50;
const ROWS = 6_000;
const BUILD = ".build/test-keys";

/** What is in which row, however often it was sealed anew. */
let passwords: Map<string, string>;

beforeAll(async () => {
  await bundle({ operate: "scripts/operate.ts" }, BUILD);
  passwords = await sealPasswords(ROWS);
});
afterAll(() => rmSync(BUILD, { recursive: true, force: true }));

/** The operator's command, as its script starts it. */
const rotate = () =>
  startBundle(`${BUILD}/operate.mjs`, ["keys-rotate"], {
    POSTKEY_KEY_FILE: keyFile,
    POSTKEY_ROTATION_SETTLE_MS: "200",
  });

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
      const passwordSealed = seal(env().keyring, passwordPlace(id), password);
      await db().emailAccount.updateMany({ where: { id }, data: { passwordSealed } });
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
  const [old = ""] = readKeyFile(keyFile);
  const oldId = createKeyring([old]).current.id;
  const stopWriter = startWriter();
  let kills = 0;
  for (let round = 1; round <= KILLS; round += 1) {
    const { child, ended } = rotate();
    const target = ROWS * (1 - round / (KILLS + 1));
    while (child.exitCode === null && (await countOld(oldId)) > target) await sleep(2);
    if (child.kill("SIGKILL")) kills += 1;
    await ended;
    const keys = readKeyFile(keyFile);
    expect(keys).toContain(old);
    expect(keys.length).toBeLessThanOrEqual(2);
  }
  const { code, text } = await rotate().ended;
  const writes = await stopWriter();
  expect(code, text).toBe(0);
  expect(kills).toBe(KILLS);
  expect(writes).toBeGreaterThan(50);

  report("killed rotations of the key", { kills, rows: ROWS, "written meanwhile": writes });
  const keys = readKeyFile(keyFile);
  expect(keys).toHaveLength(1);
  expect(keys).not.toContain(old);
  expect(text).toMatch(/EmailAccount\.passwordSealed +6000 sealed\n/);
  const alone = createKeyring(keys);
  const accounts = await db().emailAccount.findMany({ select: { id: true, passwordSealed: true } });
  const opened = accounts.map(({ id, passwordSealed }) => [
    id,
    unseal(alone, passwordPlace(id), passwordSealed ?? ""),
  ]);
  expect(new Map(opened as [string, string][])).toEqual(passwords);
}, 600_000);
