import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { flushCounters } from "@/lib/kernel/metrics/counters";
import { administrator, program } from "@/lib/testing/actors";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { readMetrics } from "@/lib/watch/metrics/queries";
import { startDeviceListeners } from "./listeners";

const sandbox = withInstallation();
const gateway = withDeviceGateway();
let password: string;

beforeAll(async () => {
  const ada = administrator();
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const device = { name: "Scanner", emailAccountId, protocols: ["smtp" as const] };
  ({ password } = await createDevice(ada, device));
});

async function measured(name: string, labels: string): Promise<number | undefined> {
  await flushCounters();
  const families = await readMetrics(program("metrics:read"));
  const samples = families.find((family) => family.name === name)?.samples ?? [];
  return samples.find((sample) => sample.labels === labels)?.value;
}

test("sessions of devices, their messages and bytes are counted", async () => {
  const wire = await Wire.open(gateway().ports.smtp);
  await wire.until(/^220/);
  const plain = Buffer.from(`\0${ALICE}\0${password}`).toString("base64");
  await wire.ask(`AUTH PLAIN ${plain}`, /^235/m);
  expect(await measured("postkey_device_sessions", 'protocol="smtp"')).toBe(1);
  wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nDATA\r\n`);
  await wire.until(/^354/m);
  await wire.ask("Subject: Counted\r\n\r\nHello.\r\n.", /^250 /m);
  await wire.ask("QUIT", /^221/m);
  await wire.closed();
  const sessions = () => measured("postkey_device_sessions", 'protocol="smtp"');
  await expect.poll(sessions, { timeout: 5_000 }).toBeUndefined();
  // Counted once it is stored.
  await expect.poll(() => measured("postkey_device_messages_total", "")).toBe(1);
  expect(await measured("postkey_device_bytes_total", 'protocol="smtp"')).toBeGreaterThan(20);
});

test("connections that are turned away are counted by their reason", async () => {
  const listener = { protocol: "pop3", tls: "starttls", host: "127.0.0.1", port: 0 } as const;
  const { ports, stop } = await startDeviceListeners([
    { ...listener, plaintext: [], from: ["10.0.0.0/8"] },
  ]);
  const wire = await Wire.open(ports[0] ?? 0);
  await wire.closed();
  await stop();
  const labels = 'protocol="pop3",reason="not_served"';
  expect(await measured("postkey_device_connections_refused_total", labels)).toBe(1);
});
