import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { listAttempts } from "@/lib/access/devices/attempts/queries";
import { createDevice } from "@/lib/access/devices/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { letExpire } from "@/lib/testing/tokens";

/** What ends while an account is signed in says nothing about the account's server. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let account: Awaited<ReturnType<typeof connectedAccount>>;
let device: { id: string; password: string };

beforeAll(async () => {
  account = await connectedAccount(ada, sandbox());
  const { emailAccountId } = account;
  device = await createDevice(ada, { name: "Scanner", emailAccountId, protocols: ["smtp"] });
});
afterEach(() => sandbox().faults.clearAll());

async function beginLogin(): Promise<Wire> {
  const wire = await Wire.open(gateway().ports.smtp);
  await wire.until(/^220/);
  const plain = Buffer.from(`\0${ALICE}\0${device.password}`).toString("base64");
  wire.write(`AUTH PLAIN ${plain}\r\n`);
  await expect.poll(() => db().mailboxPlace.count(), { timeout: 10_000 }).toBe(1);
  return wire;
}

test("a client that hangs up while a token is fetched is no failure of its server", async () => {
  sandbox().faults.set("slow", { seconds: 4 });
  await letExpire(account.cloudProviderId);
  const before = tokenRequests(sandbox(), "refresh_token");
  const wire = await beginLogin();
  wire.socket.resetAndDestroy();
  const fetched = () => tokenRequests(sandbox(), "refresh_token") - before;
  await expect.poll(fetched, { timeout: 10_000 }).toBe(1);
  await sleep(4_500);
  expect(await listAttempts(ada, device.id)).toEqual([]);
  const { failureId } = await db().device.findUniqueOrThrow({ where: { id: device.id } });
  expect(failureId).toBeNull();
}, 30_000);
