import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { readKeyFile } from "@/lib/installation/keys/key-file";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { createKeyring, newKey } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withKey } from "@/lib/testing/api";
import { report } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { withAccount } from "@/lib/testing/sign-in";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { forgetTheDead, withKeyFile } from "./key-file";
import { askForTokens, end, type Running, withPrograms } from "./programs";

const sandbox = withInstallation();
const { keyFile, folder } = withKeyFile();
const programs = withPrograms("gateway", "keeper", "operate");
/** How long all processes are idle, before and after. */
const IDLE_MS = MINUTE_MS;
const SETTLE_MS = 20 * SECOND_MS;
const REFUSED_AFTER_MS = MINUTE_MS;
const PATIENCE = { timeout: 30_000, interval: 100 };
const TEST_MS = 10 * MINUTE_MS;
const account = withAccount(administrator(), sandbox);
const apiKey = withKey("tokens:read");

const start = (program: "gateway" | "keeper", file = keyFile) =>
  programs.start(program, { env: { POSTKEY_KEY_FILE: file } });

const rotate = (waitMs = MINUTE_MS) =>
  programs.operate("keys-rotate", {
    POSTKEY_ROTATION_SETTLE_MS: `${SETTLE_MS}`,
    POSTKEY_ROTATION_WAIT_MS: `${waitMs}`,
  });

const ask = (gateways: Running[], count: number) =>
  askForTokens(gateways, count, { apiKey: apiKey(), ...account });

async function renewal(): Promise<void> {
  const { refreshedAt: before } = await tokenRow(account.cloudProviderId);
  await letExpire(account.cloudProviderId);
  const after = () => tokenRow(account.cloudProviderId);
  await expect.poll(async () => (await after()).refreshedAt, PATIENCE).not.toEqual(before);
  expect(await after()).toMatchObject({
    state: "connected",
    cacheSealed: expect.stringContaining(`v2.${createKeyring(readKeyFile(keyFile)).current.id}.`),
  });
}

test(
  "processes that are idle while the key is replaced refuse nothing afterwards",
  async () => {
    const [old] = readKeyFile(keyFile);
    const gateways = await Promise.all([start("gateway"), start("gateway")]);
    const keepers = await Promise.all([start("keeper"), start("keeper")]);
    const busy = await start("gateway");
    await sleep(IDLE_MS);
    const { done, output } = rotate();
    let isOver = false;
    let asked = 0;
    const asking = (async () => {
      for (; !isOver; asked += 5) {
        expect(await ask([busy], 5)).toEqual({ 200: 5 });
        await sleep(20);
      }
    })();
    await expect.poll(() => readKeyFile(keyFile), PATIENCE).toHaveLength(2);
    gateways.push(await start("gateway"));
    keepers.push(await start("keeper"));
    expect(await done, output()).toBe(0);
    await sleep(IDLE_MS);
    isOver = true;
    await asking;
    expect(readKeyFile(keyFile)).toHaveLength(1);
    expect(readKeyFile(keyFile)).not.toContain(old);
    expect(await ask(gateways, 200)).toEqual({ 200: 200 });
    await renewal();
    const everybody = [...gateways, ...keepers];
    expect(everybody.flatMap(({ lines }) => lines).join("\n")).not.toMatch(
      /read-only|locked|SealError/,
    );
    report("rotation with idle processes", {
      processes: everybody.length,
      asked: asked + 200,
      refused: 0,
    });
  },
  TEST_MS,
);

test(
  "a rotation that a process cannot follow says which, and takes the old key from nobody",
  async () => {
    const [old = ""] = readKeyFile(keyFile);
    const copy = join(folder, "copy");
    writeFileSync(copy, old);
    await forgetTheDead();
    const elsewhere = await start("gateway", copy);
    const { done, output } = rotate(REFUSED_AFTER_MS);
    expect(await done).toBe(1);
    expect(output()).toContain(`process ${elsewhere.pid}, started `);
    expect(output()).toContain("The old key is still in use.");
    expect(readKeyFile(keyFile)[0]).toBe(old);
    expect(await ask([elsewhere], 10)).toEqual({ 200: 10 });
    await end(elsewhere.child);
    await forgetTheDead();
    const again = rotate();
    expect(await again.done, again.output()).toBe(0);
    expect(readKeyFile(keyFile)).not.toContain(old);
  },
  TEST_MS,
);

test("a file with a key that does not open the database changes nothing for those that run", async () => {
  const right = readKeyFile(keyFile);
  const copy = join(folder, "mistaken");
  writeFileSync(copy, right.join("\n"));
  const gateway = await start("gateway", copy);
  writeFileSync(copy, newKey());
  await sleep(2 * SECOND_MS);
  expect(await ask([gateway], 10)).toEqual({ 200: 10 });
  const row = () => db().keyReader.findFirst({ where: { pid: gateway.pid } });
  expect((await row())?.sealsWith).toBe(createKeyring(right).current.id);
});
