import { expect, test } from "vitest";
import { readKeyFile } from "@/lib/installation/keys/key-file";
import { SECOND_MS } from "@/lib/kernel/clock";
import { createKeyring } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withKey } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount, withAccount } from "@/lib/testing/sign-in";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { statements, waiting } from "./activity";
import { forgetTheDead, withKeyFile } from "./key-file";
import { askForTokens, end, type Running, withPrograms } from "./programs";

const sandbox = withInstallation();
const { keyFile } = withKeyFile();
const programs = withPrograms("gateway", "keeper", "operate");
const PATIENCE = { timeout: 30_000, interval: 20 };
const account = withAccount(administrator(), sandbox);
const apiKey = withKey("tokens:read", "accounts:read", "accounts:write");

const ask = (gateway: Running, count: number) =>
  askForTokens([gateway], count, { apiKey: apiKey(), ...account });

test("a key is replaced under a keeper and a gateway at work, and under a gateway that is stopped meanwhile", async () => {
  const [old] = readKeyFile(keyFile);
  const [busy, stopped, keeper] = await Promise.all([
    programs.start("gateway"),
    programs.start("gateway"),
    programs.start("keeper"),
  ]);
  const pid = { in: [busy, stopped, keeper].map((each) => each.pid) };
  await expect.poll(() => db().keyReader.count({ where: { pid } }), PATIENCE).toBe(3);
  stopped.child.kill("SIGSTOP");
  await forgetTheDead();
  const env = { POSTKEY_ROTATION_SETTLE_MS: `${SECOND_MS}` };
  const { done, output } = programs.operate("keys-rotate", env);
  await expect.poll(() => readKeyFile(keyFile), PATIENCE).toHaveLength(2);
  expect(await ask(busy, 20)).toEqual({ 200: 20 });
  expect(await done, output()).toBe(0);
  expect(readKeyFile(keyFile)).toHaveLength(1);
  expect(readKeyFile(keyFile)).not.toContain(old);
  stopped.child.kill("SIGCONT");
  for (const gateway of [busy, stopped]) expect(await ask(gateway, 20)).toEqual({ 200: 20 });
  const { refreshedAt } = await tokenRow(account.cloudProviderId);
  await letExpire(account.cloudProviderId);
  const renewed = async () => (await tokenRow(account.cloudProviderId)).refreshedAt;
  await expect.poll(renewed, PATIENCE).not.toEqual(refreshedAt);
  const { id } = createKeyring(readKeyFile(keyFile)).current;
  const { cacheSealed } = await tokenRow(account.cloudProviderId);
  expect(cacheSealed).toContain(`v2.${id}.`);
  expect(stopped.child.signalCode).toBeNull();
}, 60_000);

test("a bulk change whose program is killed in the middle changes nothing, and all when it is asked for again", async () => {
  for (let more = 0; more < 3; more += 1) await connectedAccount(administrator(), sandbox());
  const total = await db().emailAccount.count();
  const inactive = () => db().emailAccount.count({ where: { active: false } });
  const recorded = () => db().auditEvent.count({ where: { action: "email_account.deactivate" } });
  const first = await programs.start("gateway");
  await db().$transaction(
    async (tx) => {
      // The change has to wait for the last of its accounts.
      await tx.$queryRaw`SELECT FROM "EmailAccount" ORDER BY id DESC LIMIT 1 FOR UPDATE`;
      const answer = deactivateAll(first);
      await expect.poll(waiting, PATIENCE).toHaveLength(1);
      await end(first.child);
      expect(await answer).toBeNull();
    },
    { timeout: 30_000 },
  );
  await expect.poll(() => statements(), PATIENCE).toEqual([]);
  expect([await inactive(), await recorded()]).toEqual([0, 0]);
  const second = await programs.start("gateway");
  expect(await deactivateAll(second)).toMatchObject({ changed: total });
  expect([await inactive(), await recorded()]).toEqual([total, total]);
});

/** @returns null where no answer came */
async function deactivateAll({ port }: Running): Promise<unknown> {
  const url = `http://127.0.0.1:${port}/api/emailAccounts/changes`;
  const headers = { authorization: `Bearer ${apiKey()}`, "content-type": "application/json" };
  const body = { selection: { accounts: "all" }, change: { set: "active", to: false } };
  const request = fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await request.catch(() => null);
  return answer?.json() ?? null;
}
