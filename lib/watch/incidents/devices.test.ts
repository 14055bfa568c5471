import { beforeEach, expect, test } from "vitest";
import { recordAttempt } from "@/lib/access/devices/attempts/record";
import type { Outcome } from "@/lib/access/devices/attempts/schema";
import { saveCertificateEnd } from "@/lib/access/devices/authority/store";
import { createDevice, pauseDevice } from "@/lib/access/devices/mutations";
import { DAY_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { listOpenIncidents } from "./queries";
import { watchIncidents } from "./watch";

withDatabase();
const ada = administrator();
const OFF = "smtp.auth_disabled_tenant";
let accounts: string[];

beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "Incident", "EmailAccount", "CloudProvider" CASCADE`;
  await db().installation.update({
    where: { id: 1 },
    data: { deviceCertificateExpiresAt: null, deviceCertificateSeenAt: null },
  });
  await seedProvider({ accounts: 2 });
  accounts = (await db().emailAccount.findMany({ select: { id: true } })).map(({ id }) => id);
});

const deviceOf = async (emailAccountId = "", name = "Scanner") => {
  const { id } = await createDevice(ada, { name, emailAccountId, protocols: ["smtp"] });
  return { id, name };
};

const attempt = (device: { id: string; name: string }, outcome: Outcome) =>
  recordAttempt({
    device,
    outcome,
    protocol: "smtp",
    address: "192.0.2.1",
    client: null,
    tlsVersion: "TLSv1.2",
    remedyId: outcome === "ok" ? null : OFF,
  });

async function open() {
  await watchIncidents({ enqueue: async () => {} });
  const { rows } = await listOpenIncidents(ada);
  return rows.filter(({ quietSince }) => quietSince === null);
}

test("what a server refuses devices for is one incident with its remedy, until one of each account gets in", async () => {
  const [first, second] = [await deviceOf(accounts[0]), await deviceOf(accounts[1])];
  const other = await deviceOf(accounts[0], "Fax");
  for (const device of [first, second, other]) await attempt(device, "server_refused");
  expect(await open()).toMatchObject([
    { kind: "mail", remedyId: OFF, accounts: 2, subject: "Contoso" },
  ]);
  await attempt(first, "ok");
  expect(await open()).toMatchObject([{ accounts: 1 }]);
  await attempt(second, "ok");
  expect(await open()).toEqual([]);
});

test("a login that works at once behind a failure ends it, however short ago another one worked", async () => {
  const device = await deviceOf(accounts[0]);
  await attempt(device, "ok");
  await attempt(device, "server_refused");
  expect(await open()).toHaveLength(1);
  await attempt(device, "ok");
  expect(await open()).toEqual([]);
});

test("a wrong password, a passing failure, and a device that is paused or has expired are none", async () => {
  const device = await deviceOf(accounts[0]);
  for (const outcome of ["wrong_password", "server_unreachable"] as const)
    await attempt(device, outcome);
  expect(await open()).toEqual([]);
  await attempt(device, "server_refused");
  await pauseDevice(ada, { id: device.id, paused: true });
  expect(await open()).toEqual([]);
  await pauseDevice(ada, { id: device.id, paused: false });
  expect(await open()).toHaveLength(1);
  await db().device.update({ where: { id: device.id }, data: { expiresAt: new Date(1) } });
  expect(await open()).toEqual([]);
});

test("a connection test that succeeds ends it as well", async () => {
  await attempt(await deviceOf(accounts[0]), "server_refused");
  expect(await open()).toHaveLength(1);
  await db().emailAccount.updateMany({
    data: { lastTestedAt: new Date(Date.now() + 1_000), smtpVerdict: "ok" },
  });
  expect(await open()).toEqual([]);
});

test("a certificate of the gateway that expires within 30 days is an incident until it is replaced", async () => {
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);
  await saveCertificateEnd(inDays(31));
  expect(await open()).toEqual([]);
  await saveCertificateEnd(inDays(29));
  expect(await open()).toMatchObject([
    {
      kind: "certificate",
      remedyId: "postkey.device_certificate_expiring",
      accounts: 0,
      title: expect.stringContaining("expires within 30 days"),
    },
  ]);
  await saveCertificateEnd(inDays(-1));
  expect(await open()).toMatchObject([{ remedyId: "postkey.device_certificate_expired" }]);
  await saveCertificateEnd(inDays(90));
  expect(await open()).toEqual([]);
});
