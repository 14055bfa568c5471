import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAttempt } from "@/lib/access/devices/attempts/record";
import { createDevice } from "@/lib/access/devices/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { askCurl, askPython, type ClientsOf } from "@/lib/testing/device-clients";
import { startDeviceGateway, Wire } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** What devices hear of a gateway that stops: nothing that looks like a wrong password. */
const sandbox = withInstallation();
const ada = administrator();
let directory: string;
let password: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "postkey-stopping-"));
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  ({ password } = await createDevice(ada, { name: "Scanner", emailAccountId, protocols }));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const start = () => startDeviceGateway(directory);

test.each([
  ["imaplib, poplib and smtplib", askPython],
  ["curl", askCurl],
] as const)(
  "%s are put off while they log in",
  async (_, ask) => {
    sandbox().faults.set("mail_hang");
    const { ports, caFile, stop } = await start();
    const { imaps: imap, pop3s: pop3, smtps: smtp } = ports;
    const of: ClientsOf = { ports: { imap, pop3, smtp }, caFile, user: ALICE, password };
    const heard = ask(of);
    // IMAP and SMTP and POP3 wait for the server, each with the place that it took.
    await expect.poll(() => db().mailboxPlace.count(), { timeout: 20_000 }).toBe(3);
    await stop();
    expect(await heard).toEqual(["[UNAVAILABLE]", "-ERR [SYS/TEMP]", "421 4.3.2"]);
  },
  60_000,
);

test.each([
  ["imap", "a STARTTLS"],
  ["pop3", "STLS"],
  ["smtp", "STARTTLS"],
] as const)(
  "nothing is said in the clear behind the consent to TLS: %s",
  async (protocol, command) => {
    const { open, stop } = await start();
    const wire = await open(protocol);
    await wire.ask(command, /Begin TLS now\.\r\n/);
    await stop();
    expect(await wire.closed()).toBe("");
  },
);

test("nor where TLS comes first", async () => {
  const { ports, stop } = await start();
  const wire = await Wire.open(ports.smtps);
  await stop();
  expect(await wire.closed()).toBe("");
});

test("smtplib is told between two messages", async () => {
  const gateway = await start();
  const sent = join(directory, "sent");
  const script = `
client = smtp()
client.sendmail(user, [user], "Subject: First\\r\\n\\r\\nHello.\\r\\n")
open("${sent}", "w").close()
client.sock.settimeout(20)
print(client.getreply())`;
  const heard = gateway.python(script, password);
  await expect.poll(() => existsSync(sent), { timeout: 20_000 }).toBe(true);
  await gateway.stop();
  expect(await heard).toMatch(/^\(421, b'4\.3\.2 /);
});

test("who logged in is in the audit trail when the gateway has stopped, however many at once", async () => {
  const { stop } = await start();
  const { id, name } = await db().device.findFirstOrThrow();
  const said = { protocol: "imap", client: null, tlsVersion: null, remedyId: null } as const;
  const attempts = Array.from({ length: 40 }, (_, at) =>
    recordAttempt({ ...said, outcome: "ok", device: { id, name }, address: `203.0.113.${at}` }),
  );
  await Promise.all(attempts);
  await stop();
  const where = { action: "device.use", address: { startsWith: "203.0.113." } };
  expect(await db().auditEvent.count({ where })).toBe(40);
});
