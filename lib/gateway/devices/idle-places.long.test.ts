import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { listAttempts } from "@/lib/devices/attempts/queries";
import { administrator } from "@/lib/testing/actors";
import { type Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** Devices that keep their connection open share the three that the server allows. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let deviceId: string;
let password: string;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["smtp" as const];
  const device = await createDevice(ada, { name: "Scanners", emailAccountId, protocols });
  ({ id: deviceId, password } = device);
});

/** Three that drip behind DATA would keep a mailbox from everyone else. */
async function inMessage(): Promise<Wire> {
  const wire = await gateway().logIn("smtp", password);
  await wire.ask(`MAIL FROM:<${ALICE}>`, /^250/m);
  await wire.ask(`RCPT TO:<${ALICE}>`, /^250/m);
  await wire.ask("DATA", /^354/m);
  return wire;
}

test("one that sends byte by byte gives its place to another, and a slow printer keeps its own", async () => {
  const printer = await inMessage();
  const dripping = [await inMessage(), await inMessage()];
  const printing = setInterval(() => printer.write(`${"x".repeat(998)}\r\n`.repeat(2)), 1_000);
  const drips = setInterval(() => {
    for (const wire of dripping) wire.write("x");
  }, 1_000);
  // A login waits for a place for 20 seconds.
  await sleep(20_000);
  expect(dripping.some(({ isClosed }) => isClosed)).toBe(false);
  const others = await Promise.all([inMessage(), inMessage()]);
  for (const wire of dripping)
    expect(await wire.closed()).toMatch(/^421 4\.7\.0 The message came too slowly/);
  clearInterval(drips);
  await sleep(5_000);
  clearInterval(printing);
  for (const wire of [printer, ...others]) expect(await wire.ask("\r\n.", /\r\n/)).toMatch(/^250 /);
  const replies = (await listAttempts(ada, deviceId)).map(({ reply }) => reply);
  expect(replies.some((reply) => reply?.startsWith("421 4.7.0 The message came"))).toBe(true);
  for (const { socket } of [printer, ...others]) socket.destroy();
}, 90_000);
