import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { withPrograms } from "@/e2e/faults/programs";
import { openAuthority } from "@/lib/access/devices/authority/store";
import { createDevice, revokeDevice } from "@/lib/access/devices/mutations";
import { administrator } from "@/lib/testing/actors";
import { Wire } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { freePort } from "@/scripts/ports.mjs";

/** Two gateways, each a process of its own, beside one database: what is limited or revoked, is so in both. */
const sandbox = withInstallation();
const programs = withPrograms(`.build/test-two-gateways-${process.pid}`);
const ada = administrator();
let key: string | undefined;
let device: { id: string; password: string };
let ca: string;

beforeAll(async () => {
  key = process.env.POSTKEY_KEY;
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "smtp" as const];
  device = await createDevice(ada, { name: "ERP", emailAccountId, protocols });
  ca = (await openAuthority()).certificate;
});

async function startBoth() {
  const start = async () => {
    const [imap, smtp] = [await freePort(), await freePort()];
    const listeners = `imaps://127.0.0.1:${imap},smtps://127.0.0.1:${smtp}`;
    const env = {
      ...(key !== undefined && { POSTKEY_KEY: key }),
      POSTKEY_DEVICE_LISTENERS: listeners,
    };
    await programs.start("gateway", { env });
    return { imap, smtp };
  };
  return [await start(), await start()] as const;
}

async function read(port: number): Promise<Wire> {
  const wire = await Wire.open(port, ca);
  await wire.until(/\r\n/);
  await wire.ask(`a LOGIN ${ALICE} ${device.password}`, /^a OK/m);
  return wire;
}

async function send(port: number): Promise<Wire> {
  const wire = await Wire.open(port, ca);
  await wire.until(/\r\n/);
  const plain = Buffer.from(`\0${ALICE}\0${device.password}`).toString("base64");
  await wire.ask(`AUTH PLAIN ${plain}`, /^(?:235|421) /);
  await wire.ask(`MAIL FROM:<${ALICE}>`, /^250 /m);
  return wire;
}

test("three connections of SMTP are three in both together, and a revoked device is out of both", async () => {
  const [one, other] = await startBoth();
  const sending = [await send(one.smtp), await send(other.smtp), await send(one.smtp)];
  const fourth = send(other.smtp);
  expect(await Promise.race([fourth, sleep(2_000, "waits")])).toBe("waits");
  await sending[0]?.ask("QUIT", /^221 /m);
  const open = [sending[1], sending[2], await fourth, await read(one.imap), await read(other.imap)];
  const startedAt = performance.now();
  await revokeDevice(ada, { id: device.id });
  await Promise.all(open.map((wire) => wire?.closed()));
  expect(performance.now() - startedAt).toBeLessThan(3_000);
}, 120_000);
