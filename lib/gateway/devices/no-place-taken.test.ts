import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
const gateway = withDeviceGateway();
let credentials: string;

beforeAll(async () => {
  const ada = administrator();
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const { password } = await createDevice(ada, {
    name: "Old one",
    emailAccountId,
    protocols: ["smtp" as const],
  });
  credentials = Buffer.from(`\0${ALICE}\0${password}`).toString("base64");
});

async function open(): Promise<Wire> {
  const wire = await Wire.open(gateway().ports.smtps, readFileSync(gateway().caFile, "utf8"));
  await wire.until(/\r\n/);
  return wire;
}

test("connections that end without a word take nobody's place, and are no attempts", async () => {
  const before = await db().deviceAttempt.count();
  for (let at = 0; at < 60; at += 1) {
    const socket = connect({ port: gateway().ports.smtps, host: "127.0.0.1" });
    await once(socket, "connect");
    socket.end();
  }
  const startedAt = performance.now();
  const wire = await open();
  await wire.ask(`AUTH PLAIN ${credentials}`, /^235/m);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  wire.socket.destroy();
  expect(await db().deviceAttempt.count({ where: { outcome: "tls_failed" } })).toBe(0);
  expect(await db().deviceAttempt.count()).toBeLessThanOrEqual(before + 1);
});

test("connections that end within the handshake take nobody's place", async () => {
  for (let at = 0; at < 60; at += 1) {
    const socket = connect({ port: gateway().ports.smtps, host: "127.0.0.1" });
    await once(socket, "connect");
    socket.end("\x16");
  }
  const startedAt = performance.now();
  const wire = await open();
  await wire.ask(`AUTH PLAIN ${credentials}`, /^235/m);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  wire.socket.destroy();
});
