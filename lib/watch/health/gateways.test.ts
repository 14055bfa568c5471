import { beforeEach, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { startDeviceListeners } from "@/lib/gateway/devices/listeners";
import { beat } from "@/lib/installation/keepers/store";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import type { Listener } from "@/lib/kernel/listeners";
import { administrator } from "@/lib/testing/actors";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm } from "@/lib/testing/sign-in";
import { readWarnings } from "../warnings/queries";
import { readHealth } from "./queries";

/** A gateway that is dead is told as a keeper is. */
withInstallation();
const ada = administrator();

const OUTLOOK = { service: "outlook365", modernAuthentication: false, password: "p" };
const LISTENER: Listener = {
  protocol: "smtp",
  tls: "implicit",
  host: "127.0.0.1",
  port: 0,
  plaintext: [],
};

beforeEach(async () => {
  await db().device.deleteMany();
  await db().deviceGateway.deleteMany();
  await beat("one");
});

async function usedDevice(lastUsedAt: string): Promise<string> {
  const { id: emailAccountId } = await createEmailAccount(ada, accountForm(OUTLOOK));
  const device = { name: "Scanner", emailAccountId, protocols: ["smtp" as const] };
  const { id } = await createDevice(ada, device);
  await pool().query(`UPDATE "Device" SET "lastUsedAt" = ${lastUsedAt}`);
  return id;
}

const isMissing = async () => (await readWarnings(ada)).isGatewayMissing;

describe("a gateway that serves devices", () => {
  test("is told with its machine, its ports, and what it holds, until it stops", async () => {
    await usedDevice("now()");
    const { stop } = await startDeviceListeners([LISTENER]);
    await beat("one");
    const { gateway, ...others } = await readHealth(ada);
    expect(gateway).toMatchObject({ status: "ok", running: 1, lastSeenAt: expect.any(Date) });
    expect(gateway.gateways).toMatchObject([
      {
        host: expect.stringMatching(/./),
        startedAt: expect.any(Date),
        listeners: ["smtps://127.0.0.1:0"],
        places: { imap: 0, pop3: 0, smtp: 0 },
      },
    ]);
    const ok = { status: "ok" };
    expect(others).toMatchObject({ ...ok, web: ok, keeper: ok, identityPlatforms: ok });
    expect(await isMissing()).toBe(false);
    const [{ id, startedAt } = { id: "", startedAt: null }] = gateway.gateways;
    await expect
      .poll(async () => (await readHealth(ada)).gateway.lastSeenAt, { timeout: 10_000 })
      .not.toEqual(gateway.lastSeenAt);
    const [later] = (await readHealth(ada)).gateway.gateways;
    expect(later).toMatchObject({ id, startedAt });
    await stop();
    expect((await readHealth(ada)).gateway).toMatchObject({ status: "not_running", gateways: [] });
  }, 20_000);

  test("is missing where none was seen for a minute, and was seen last then", async () => {
    await usedDevice("now()");
    const { stop } = await startDeviceListeners([LISTENER]);
    const silentFor = (seconds: number) =>
      pool().query(
        `UPDATE "DeviceGateway" SET "leaseUntil" = now() + interval '10 s' - interval '${seconds} s'`,
      );
    await silentFor(50);
    expect(await isMissing()).toBe(false);
    await silentFor(70);
    expect(await isMissing()).toBe(true);
    const { status, gateway } = await readHealth(ada);
    expect({ status, running: gateway.running }).toEqual({ status: "degraded", running: 0 });
    expect(gateway.lastSeenAt).toBeInstanceOf(Date);
    expect(gateway.status).toBe("not_running");
    await stop();
  });
});

describe("without a gateway", () => {
  test("nothing is missing where no device was used within a month", async () => {
    expect((await readHealth(ada)).gateway.status).toBe("not_needed");
    await usedDevice("NULL");
    expect(await isMissing()).toBe(false);
    await usedDevice("now() - interval '31 days'");
    expect(await isMissing()).toBe(false);
    const expired = await usedDevice("now() - interval '1 day'");
    await db().device.updateMany({ where: { id: { not: expired } }, data: { lastUsedAt: null } });
    expect(await isMissing()).toBe(true);
    await db().device.update({ where: { id: expired }, data: { expiresAt: new Date(1) } });
    expect(await isMissing()).toBe(false);
    expect((await readHealth(ada)).status).toBe("ok");
  });

  test("it is missing where a device was, and where ports are configured", async () => {
    await usedDevice("now() - interval '29 days'");
    expect(await isMissing()).toBe(true);
    await db().device.deleteMany();
    expect(await isMissing()).toBe(false);
    const { deviceListeners } = env();
    env().deviceListeners = [LISTENER];
    expect(await isMissing()).toBe(true);
    env().deviceListeners = deviceListeners;
  });
});
