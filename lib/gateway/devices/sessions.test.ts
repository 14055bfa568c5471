import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { listAttempts } from "@/lib/devices/attempts/queries";
import { pauseDevice, revokeDevice, rotateDevice, updateDevice } from "@/lib/devices/mutations";
import { findDevice, findEditedDevice } from "@/lib/devices/queries";
import type { UpdateDevice } from "@/lib/devices/schema";
import {
  deleteEmailAccount,
  setEmailAccountActive,
  updateEmailAccount,
} from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { flushCounters } from "@/lib/kernel/metrics/counters";
import { administrator, program } from "@/lib/testing/actors";
import { whileLocked } from "@/lib/testing/database";
import {
  listenerOf,
  plainOf,
  startDeviceGateway,
  Wire,
  withDeviceGateway,
} from "@/lib/testing/device-gateway";
import { createDevice } from "@/lib/testing/made";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, connectedAccount, withAccount } from "@/lib/testing/sign-in";
import { letExpire } from "@/lib/testing/tokens";
import { readMetrics } from "@/lib/watch/metrics/queries";
import { startDeviceListeners } from "./listeners";

/** The sessions of a device, which end with its right to them. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
const account = withAccount(ada, sandbox);

/** A sample of the metrics. */
async function measured(name: string, labels: string): Promise<number | undefined> {
  await flushCounters();
  const families = await readMetrics(program("metrics:read"));
  const samples = families.find((family) => family.name === name)?.samples ?? [];
  return samples.find((sample) => sample.labels === labels)?.value;
}

const newDevice = ({ emailAccountId } = account) =>
  createDevice(ada, { name: "Scanner", emailAccountId, protocols: ["imap", "smtp"] });
const reading = (password: string) => gateway().logIn("imaps", password);
const sending = (password: string) => gateway().logIn("smtps", password);

async function beginMessage(wire: Wire): Promise<void> {
  wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nDATA\r\n`);
  await wire.until(/^354/m);
}

describe("a device's sessions end", () => {
  test.each([
    ["it is revoked", (id: string) => revokeDevice(ada, { id })],
    ["it is paused", (id: string) => pauseDevice(ada, { id, paused: true })],
    ["it has a new password", (id: string) => rotateDevice(ada, { id })],
  ])("when %s, and no others", async (_, change) => {
    const [device, other] = [await newDevice(), await newDevice()];
    const own = [await reading(device.password), await sending(device.password)];
    const stays = await reading(other.password);
    await change(device.id);
    await Promise.all(own.map((wire) => wire.closed()));
    await stays.ask("b NOOP", /^b OK/m);
    stays.socket.destroy();
  });

  test.each<[string, Partial<UpdateDevice>]>([
    ["networks", { networks: ["10.0.0.0/8"] }],
    ["protocols", { protocols: ["pop3"] }],
    ["senders", { senders: ["mfp@contoso.test"] }],
  ])("when its %s are edited", async (_what, changes) => {
    const { id, password } = await newDevice();
    const own = [await reading(password), await sending(password)];
    const edited = await findEditedDevice(ada, id);
    if (!edited) throw new Error("There is no device.");
    await updateDevice(ada, { ...edited, id, ...changes });
    await Promise.all(own.map((wire) => wire.closed()));
  });

  test("when its account is deactivated, signs in as somebody else, or is deleted", async () => {
    const own = await connectedAccount(ada, sandbox());
    const id = own.emailAccountId;
    const { password } = await newDevice(own);
    const first = await reading(password);
    await setEmailAccountActive(ada, { id, active: false });
    await first.closed();
    const { version } = await setActiveAgain(id);
    const second = await reading(password);
    const form = accountForm({ cloudProviderId: own.cloudProviderId, username: BOB });
    await updateEmailAccount(ada, { ...form, id, version });
    await second.closed();

    const another = await connectedAccount(ada, sandbox());
    const third = await reading((await newDevice(another)).password);
    await deleteEmailAccount(ada, { id: another.emailAccountId });
    await third.closed();
  });

  async function setActiveAgain(id: string) {
    await setEmailAccountActive(ada, { id, active: true });
    return db().emailAccount.findUniqueOrThrow({ where: { id } });
  }

  test("in all gateways, which together have three of SMTP for a mailbox, as Exchange Online", async () => {
    const other = await startDeviceGateway();
    const { id, password } = await newDevice();
    const three = [await sending(password), await other.logIn("smtps", password)];
    three.unshift(await sending(password));
    let isIn = false;
    const fourth = other.logIn("smtps", password).finally(() => {
      isIn = true;
    });
    const wanted = () => db().mailboxPlace.count({ where: { wanted: true } });
    await expect.poll(wanted).toBeGreaterThan(0);
    expect(isIn).toBe(false);
    await three.shift()?.ask("QUIT", /^221 /m);
    const open = [...three, await fourth, await other.logIn("imaps", password)];
    await revokeDevice(ada, { id });
    await Promise.all(open.map((wire) => wire.closed()));
    await other.stop();
  });
});

describe("no session is left behind, and no place taken, by a client that hangs up", () => {
  test("while its password is looked up", async () => {
    const { password } = await newDevice();
    const wires = await Promise.all(Array.from({ length: 21 }, () => gateway().open("smtp")));
    const signIn = async () => {
      for (const wire of wires) wire.write(`AUTH PLAIN ${plainOf(password)}\r\n`);
    };
    await whileLocked("Device", signIn, () => {
      for (const { socket } of wires) socket.resetAndDestroy();
    });
    const logIn = () =>
      sending(password).then(({ socket }) => {
        socket.destroy();
        return "in";
      }, String);
    await expect.poll(logIn, { timeout: 15_000, interval: 500 }).toBe("in");
  });

  test("while a token is fetched, which says nothing about the account's server", async () => {
    const own = await connectedAccount(ada, sandbox());
    const { id, password } = await newDevice(own);
    sandbox().faults.set("slow", { seconds: 60 });
    await letExpire(own.cloudProviderId);
    const before = tokenRequests(sandbox(), "refresh_token");
    const wire = await gateway().open("smtp");
    wire.write(`AUTH PLAIN ${plainOf(password)}\r\n`);
    const fetched = () => tokenRequests(sandbox(), "refresh_token") - before;
    await expect.poll(fetched, { timeout: 10_000 }).toBe(1);
    wire.socket.resetAndDestroy();
    sandbox().faults.clearAll();
    // It takes its token from the same request, and is written down behind the one that hung up.
    (await sending(password)).socket.destroy();
    const attempts = async () => (await listAttempts(ada, id)).map(({ outcome }) => outcome);
    await expect.poll(attempts).toEqual(["ok"]);
    const { failureId } = await db().device.findUniqueOrThrow({ where: { id } });
    expect(failureId).toBeNull();
  });

  test.each([
    ["without a word", ""],
    ["within the handshake", "\x16"],
  ])("%s, sixty times", async (_what, said) => {
    const { password } = await newDevice();
    await db().deviceAttempt.deleteMany();
    for (let at = 0; at < 60; at += 1) {
      const socket = connect({ port: gateway().ports.smtps, host: "127.0.0.1" });
      await once(socket, "connect");
      socket.end(said);
    }
    (await sending(password)).socket.destroy();
    const failed = await db().deviceAttempt.count({ where: { outcome: "tls_failed" } });
    if (said === "") expect(failed).toBe(0);
    await expect.poll(() => db().deviceAttempt.count({ where: { outcome: "ok" } })).toBe(1);
  });
});

describe("what a session sends", () => {
  test("is counted once, while it is open", async () => {
    const { id, password } = await newDevice();
    const sessions = () => measured("postkey_device_sessions", 'protocol="smtp"');
    await expect.poll(sessions).toBeUndefined();
    const counted = (await measured("postkey_device_messages_total", "")) ?? 0;
    const session = await sending(password);
    expect(await sessions()).toBe(1);
    await beginMessage(session);
    await session.ask("Subject: Counted\r\n\r\nHello.\r\n.", /^250 /m);
    const messages = async () => (await findDevice(ada, id))?.messages;
    await expect.poll(messages, { timeout: 15_000, interval: 200 }).toBe(1);
    await session.ask("QUIT", /^221/m);
    await session.closed();
    await expect.poll(sessions).toBeUndefined();
    expect(await messages()).toBe(1);
    const shown = { lastAddress: "127.0.0.1", lastTlsVersion: "TLSv1.3" };
    expect(await findDevice(ada, id)).toMatchObject(shown);
    const total = () => measured("postkey_device_messages_total", "");
    await expect.poll(total).toBe(counted + 1);
    expect(await measured("postkey_device_bytes_total", 'protocol="smtp"')).toBeGreaterThan(20);
  });

  test("takes nothing that EHLO does not offer, whatever the server has", async () => {
    const { password } = await newDevice();
    const wire = await sending(password);
    const offered = await wire.ask("EHLO scanner", /^250 /m);
    expect(offered).toContain("8BITMIME");
    expect(offered).not.toMatch(/CHUNKING|BINARYMIME|SMTPUTF8|DSN/);
    const mail = `MAIL FROM:<${ALICE}>`;
    const said: [string, RegExp][] = [
      [`${mail} BODY=BINARYMIME`, /^555 5\.5\.4 /],
      [`${mail} SMTPUTF8`, /^555 5\.5\.4 /],
      [`${mail} BODY=16BIT`, /^501 5\.5\.4 /],
      ["BDAT 9 LAST", /^502 5\.5\.1 /],
      // A wish for notices is left out.
      [`${mail} BODY=8BITMIME SIZE=9 RET=HDRS`, /^250 /],
      ["RSET", /^250 /],
    ];
    for (const [command, reply] of said)
      expect(await wire.ask(command, /\r\n/), command).toMatch(reply);
    wire.socket.destroy();
  });
});

test("the name that SMTP takes is tried first from then on", async () => {
  const names = { emailAddress: "support@contoso.test", username: ALICE };
  const { emailAccountId: id } = await connectedAccount(ada, sandbox(), names);
  const device = { name: "Scanner", emailAccountId: id, protocols: ["smtp" as const] };
  const { password } = await createDevice(ada, device);
  await db().emailAccount.update({ where: { id }, data: { smtpUser: "mailbox" } });
  const wire = await gateway().logIn("smtp", password, names.emailAddress);
  const smtpUser = async () =>
    (await db().emailAccount.findUniqueOrThrow({ where: { id } })).smtpUser;
  await expect.poll(smtpUser).toBe("login");
  wire.socket.destroy();
});

test("connections that are turned away are counted by their reason", async () => {
  const listener = { ...listenerOf("pop3"), from: ["10.0.0.0/8"] };
  const { ports, stop } = await startDeviceListeners([listener]);
  const wire = await Wire.open(ports[0] ?? 0);
  await wire.closed();
  await stop();
  const labels = 'protocol="pop3",reason="not_served"';
  expect(await measured("postkey_device_connections_refused_total", labels)).toBe(1);
});
