import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { administrator } from "@/lib/testing/actors";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** Many devices behind one address, of which one is broken: it connects, again and again, and says nothing. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const PLACES = 50;
/** Long before the gateway ends a connection because it is silent. */
const SOON_MS = 10_000;
let password: string;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(administrator(), sandbox());
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  const device = { name: "Scanner", emailAccountId, protocols };
  ({ password } = await createDevice(administrator(), device));
});

const silentAt = (port: number, count = PLACES) =>
  Promise.all(Array.from({ length: count }, () => Wire.open(port)));
const areClosed = (wires: Wire[]) => wires.filter(({ isClosed }) => isClosed).length;
const plain = () => Buffer.from(`\0${ALICE}\0${password}`).toString("base64");

test.each([
  ["imap", () => `a LOGIN ${ALICE} ${password}`, /^a OK/m],
  ["pop3", () => `AUTH PLAIN ${plain()}`, /^\+OK Logged/m],
  ["smtp", () => `AUTH PLAIN ${plain()}`, /^235/m],
  ["imaps", () => `a LOGIN ${ALICE} ${password}`, /^a OK/m],
] as const)(
  "a device signs in at a port that the broken one has filled: %s",
  async (kind, login, ok) => {
    const port = gateway().ports[kind];
    const broken = await silentAt(port);
    try {
      const ca = kind === "imaps" ? readFileSync(gateway().caFile, "utf8") : undefined;
      const device = await Wire.open(port, ca);
      await device.until(/\r\n/, SOON_MS);
      device.write(`${login()}\r\n`);
      await device.until(ok, SOON_MS);
      await expect.poll(() => areClosed(broken)).toBe(1);
      device.socket.destroy();
    } finally {
      for (const { socket } of broken) socket.destroy();
    }
  },
  40_000,
);

test("a device that is slow between two commands stays, and the silent ones go", async () => {
  const port = gateway().ports.smtp;
  const slow = await Wire.open(port);
  await slow.until(/^220/);
  await slow.ask("EHLO old-scanner", /^250 /m);
  const broken = await silentAt(port, PLACES - 1);
  await sleep(1_200);
  const more = await silentAt(port, 10);
  try {
    await expect.poll(() => areClosed(broken)).toBe(10);
    expect(areClosed(more)).toBe(0);
    await slow.ask(`AUTH PLAIN ${plain()}`, /^235/m);
  } finally {
    for (const { socket } of [slow, ...broken, ...more]) socket.destroy();
  }
}, 40_000);

test("a device between its name and its password stays, however many connect behind it", async () => {
  const port = gateway().ports.pop3;
  const slow = await Wire.open(port);
  await slow.until(/^\+OK/);
  await slow.ask(`USER ${ALICE}`, /^\+OK/);
  const broken = await silentAt(port, PLACES + 20);
  try {
    await expect.poll(() => areClosed(broken)).toBe(21);
    await slow.ask(`PASS ${password}`, /^\+OK Logged/m);
  } finally {
    for (const { socket } of [slow, ...broken]) socket.destroy();
  }
}, 40_000);
