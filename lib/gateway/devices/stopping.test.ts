import { beforeAll, expect, test } from "vitest";
import { recordAttempt } from "@/lib/devices/attempts/record";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { askCurl, askPlainly, askPython } from "@/lib/testing/device-clients";
import { startDeviceGateway, Wire } from "@/lib/testing/device-gateway";
import { isLong } from "@/lib/testing/long";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** What devices hear of a gateway that stops: nothing that looks like a wrong password. */
const sandbox = withInstallation();
let password: string;

beforeAll(async () => {
  const ada = administrator();
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  ({ password } = await createDevice(ada, { name: "Scanner", emailAccountId, protocols }));
});

const start = () => startDeviceGateway({ quietMs: 50, spreadMs: 50 });

test.each(isLong ? [askPlainly, askPython, askCurl] : [askPlainly])(
  "who logs in is put off (%o)",
  async (ask) => {
    sandbox().faults.set("mail_hang");
    const gateway = await start();
    const heard = ask(gateway, password);
    // All three wait for the server, each with the place that it took.
    await expect.poll(() => db().mailboxPlace.count(), { timeout: 20_000 }).toBe(3);
    await gateway.stop();
    expect(await heard).toEqual(["[UNAVAILABLE]", "-ERR [SYS/TEMP]", "421 4.3.2"]);
    sandbox().faults.clearAll();
  },
  60_000,
);

test.each([
  ["imap", "a STARTTLS"],
  ["pop3", "STLS"],
  ["smtp", "STARTTLS"],
] as const)("nothing is said in the clear behind the consent to TLS: %s", async (kind, command) => {
  const { open, stop } = await start();
  const wire = await open(kind);
  await wire.ask(command, /Begin TLS now\.\r\n/);
  await stop();
  expect(await wire.closed()).toBe("");
});

test("nor where TLS comes first", async () => {
  const { ports, stop } = await start();
  const wire = await Wire.open(ports.smtps);
  await stop();
  expect(await wire.closed()).toBe("");
});

test("a message ends that is under way, and who is idle or between two messages is told", async () => {
  const { logIn, stop } = await start();
  const reader = await logIn("imaps", password);
  const [between, busy] = [await logIn("smtps", password), await logIn("smtps", password)];
  const begin = `MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nDATA`;
  for (const wire of [between, busy]) await wire.ask(begin, /^354/m);
  await between.ask("Subject: First\r\n\r\nHello.\r\n.", /^250 /m);
  const stopped = stop();
  expect(await reader.closed()).toMatch(/^\* BYE \[UNAVAILABLE\] /);
  expect(await between.closed()).toMatch(/^421 4\.3\.2 /);
  busy.write("Subject: Under way\r\n\r\nHello.\r\n.\r\n");
  expect(await busy.closed()).toMatch(/^250 /);
  await stopped;
});

test("who has logged in sends a message still", async () => {
  const { logIn, stop } = await startDeviceGateway({ quietMs: 5_000, spreadMs: 50 });
  const wire = await logIn("smtps", password);
  const stopped = stop();
  await wire.ask(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nDATA`, /^354/m);
  wire.write("Subject: Last\r\n\r\nHello.\r\n.\r\n");
  expect(await wire.closed()).toMatch(/^250 .*\r\n421 4\.3\.2 /);
  await stopped;
});

test("who logged in is in the audit trail when the gateway has stopped, however many at once", async () => {
  const { stop } = await start();
  const { id, name } = await db().device.findFirstOrThrow();
  const said = { protocol: "imap", client: null, tlsVersion: null, remedyId: null } as const;
  for (let at = 0; at < 40; at += 1)
    recordAttempt({ ...said, outcome: "ok", device: { id, name }, address: `203.0.113.${at}` });
  await stop();
  const where = { action: "device.use", address: { startsWith: "203.0.113." } };
  expect(await db().auditEvent.count({ where })).toBe(40);
});
