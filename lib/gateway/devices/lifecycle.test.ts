import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import {
  createDevice,
  pauseDevice,
  revokeDevice,
  rotateDevice,
  updateDevice,
} from "@/lib/access/devices/mutations";
import { findDevice, findEditedDevice } from "@/lib/access/devices/queries";
import type { UpdateDevice } from "@/lib/access/devices/schema";
import {
  deleteEmailAccount,
  setEmailAccountActive,
  updateEmailAccount,
} from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, connectedAccount } from "@/lib/testing/sign-in";
import { startDeviceListeners } from "./listeners";

/** The sessions of a device end with its right to them, within a second. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let emailAccountId: string;
let ca: string;

beforeAll(async () => {
  ({ emailAccountId } = await connectedAccount(ada, sandbox()));
  ca = readFileSync(gateway().caFile, "utf8");
});

const newDevice = () =>
  createDevice(ada, { name: "Scanner", emailAccountId, protocols: ["imap", "smtp"] });

async function imapSession(password: string, port = gateway().ports.imaps) {
  const wire = await Wire.open(port, ca);
  await wire.until(/\r\n/);
  await wire.ask(`a LOGIN ${ALICE} ${password}`, /^a OK/m);
  return wire;
}

async function smtpSession(password: string, port = gateway().ports.smtps) {
  const wire = await Wire.open(port, ca);
  await wire.until(/\r\n/);
  const plain = Buffer.from(`\0${ALICE}\0${password}`).toString("base64");
  await wire.ask(`AUTH PLAIN ${plain}`, /^235/);
  return wire;
}

test.each([
  ["it is revoked", (id: string) => revokeDevice(ada, { id })],
  ["it is paused", (id: string) => pauseDevice(ada, { id, paused: true })],
  ["it has a new password", (id: string) => rotateDevice(ada, { id })],
])("a device's sessions end when %s, and no others", async (_, change) => {
  const [device, other] = [await newDevice(), await newDevice()];
  const [read, sent] = [await imapSession(device.password), await smtpSession(device.password)];
  const stays = await imapSession(other.password);
  const startedAt = performance.now();
  await change(device.id);
  await Promise.all([read.closed(), sent.closed()]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await stays.ask("b NOOP", /^b OK/m);
  stays.socket.destroy();
});

test.each<[string, Partial<UpdateDevice>]>([
  ["networks", { networks: ["10.0.0.0/8"] }],
  ["protocols", { protocols: ["pop3"] }],
  ["senders", { senders: ["mfp@contoso.test"] }],
  ["messages per minute", { messagesPerMinute: 5 }],
])("a device's sessions end within a second when its %s are edited", async (_what, changes) => {
  const { id, password } = await newDevice();
  const [read, sent] = [await imapSession(password), await smtpSession(password)];
  const edited = await findEditedDevice(ada, id);
  if (!edited) throw new Error("There is no device.");
  const startedAt = performance.now();
  await updateDevice(ada, { ...edited, id, ...changes });
  await Promise.all([read.closed(), sent.closed()]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test("all sessions of an account end when it is deactivated, and when it is deleted", async () => {
  const own = await connectedAccount(ada, sandbox());
  const { password } = await createDevice(ada, {
    name: "ERP",
    emailAccountId: own.emailAccountId,
    protocols: ["imap"],
  });
  const id = own.emailAccountId;
  const first = await imapSession(password);
  await setEmailAccountActive(ada, { id, active: false });
  await first.closed(1_000);
  await setEmailAccountActive(ada, { id, active: true });
  const second = await imapSession(password);
  await deleteEmailAccount(ada, { id });
  await second.closed(1_000);
});

test("sessions of an account end when it signs in as somebody else", async () => {
  const own = await connectedAccount(ada, sandbox());
  const { password } = await createDevice(ada, {
    name: "ERP",
    emailAccountId: own.emailAccountId,
    protocols: ["imap"],
  });
  const session = await imapSession(password);
  const form = accountForm({ cloudProviderId: own.cloudProviderId, username: BOB });
  await updateEmailAccount(ada, { ...form, id: own.emailAccountId, version: 1 });
  await session.closed(1_000);
});

test("who hangs up while its password is looked up leaves no session behind", async () => {
  const { password } = await newDevice();
  const plain = Buffer.from(`\0${ALICE}\0${password}`).toString("base64");
  await db().$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE "Device" IN ACCESS EXCLUSIVE MODE`;
      const open = () => Wire.open(gateway().ports.smtp);
      const wires = await Promise.all(Array.from({ length: 21 }, open));
      for (const wire of wires) {
        await wire.until(/^220/);
        wire.write(`AUTH PLAIN ${plain}\r\n`);
      }
      // What is reset at once is not read at all.
      await sleep(500);
      for (const { socket } of wires) socket.resetAndDestroy();
      await sleep(500);
    },
    { timeout: 15_000 },
  );
  const logIn = () =>
    smtpSession(password).then(({ socket }) => {
      socket.destroy();
      return "in";
    }, String);
  await expect.poll(logIn, { timeout: 10_000, interval: 500 }).toBe("in");
});

test("a fourth SMTP session of an account waits for a free place, as Exchange Online has three", async () => {
  const { password } = await newDevice();
  const sessions = await Promise.all([1, 2, 3].map(() => smtpSession(password)));
  const waiting = smtpSession(password);
  const isIn = await Promise.race([
    waiting.then(() => true),
    new Promise((resolve) => setTimeout(resolve, 500, false)),
  ]);
  expect(isIn).toBe(false);
  sessions[0]?.socket.end("QUIT\r\n");
  for (const each of [...sessions, await waiting]) each.socket.destroy();
});

test("what a session sends is counted while it is open", async () => {
  const { id, password } = await newDevice();
  const session = await smtpSession(password);
  session.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nDATA\r\n`);
  await session.until(/^354/m);
  await session.ask("Subject: Counted\r\n\r\nHello.\r\n.", /^250 /m);
  const messages = async () => (await findDevice(ada, id))?.messages;
  await expect.poll(messages, { timeout: 15_000, interval: 200 }).toBe(1);
  await session.ask("QUIT", /^221/m);
  await session.closed();
  // Nothing is counted twice.
  await sleep(200);
  expect(await messages()).toBe(1);
}, 30_000);

test("a gateway that stops lets a message end that is under way, and tells who is idle", async () => {
  const { password } = await newDevice();
  const own = { host: "127.0.0.1", port: 0, tls: "implicit", plaintext: [] } as const;
  const { ports, stop } = await startDeviceListeners([
    { ...own, protocol: "imap" },
    { ...own, protocol: "smtp" },
  ]);
  const idle = await imapSession(password, ports[0]);
  const busy = await smtpSession(password, ports[1]);
  busy.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nDATA\r\n`);
  await busy.until(/^354/m);
  const stopped = stop();
  expect(await idle.closed(2_000)).toMatch(/^\* BYE \[UNAVAILABLE\] /);
  busy.write("Subject: Under way\r\n\r\nHello.\r\n.\r\n");
  expect(await busy.closed(5_000)).toMatch(/^250 /);
  await stopped;
});
