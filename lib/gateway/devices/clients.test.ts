import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import { beforeAll, expect, test } from "vitest";
import { listAttempts } from "@/lib/access/devices/attempts/queries";
import { createDevice } from "@/lib/access/devices/mutations";
import { findDevice } from "@/lib/access/devices/queries";
import { administrator } from "@/lib/testing/actors";
import { listenerOf, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { startDeviceListeners } from "./listeners";

/** Clients that know a name and a password, and a mailbox at Exchange Online that takes tokens alone. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let device: { id: string; password: string };

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  device = await createDevice(ada, { name: "ERP", emailAccountId, protocols });
});

const run = (script: string) => gateway().python(script, device.password);

/** Each way in of Python's own clients: which sends or reads by `client`. */
test.each([
  ["smtplib over TLS", "client = smtp()"],
  [
    "smtplib with STARTTLS",
    `client = smtplib.SMTP("localhost", int(env["SMTP_PLAIN"])); client.starttls(context=context)
client.login(user, password)`,
  ],
])("%s sends", async (_, connect) => {
  const script = `${connect}
print(client.sendmail(user, [user], b"From: alice@contoso.test\\r\\nSubject: x\\r\\n\\r\\n.dot\\r\\n"), client.quit()[0])`;
  expect(await run(script)).toBe("{} 221");
});

test.each([
  ["imaplib over TLS", "client = imap()"],
  [
    "imaplib with STARTTLS",
    `client = imaplib.IMAP4("localhost", int(env["IMAP_PLAIN"])); client.starttls(context)
client.login(user, password)`,
  ],
])("%s reads", async (_, connect) => {
  const script = `${connect}
print(client.select("INBOX")[0], client.fetch("1", "(RFC822.SIZE)")[0], client.logout()[0])`;
  expect(await run(script)).toBe("OK OK BYE");
});

test.each([
  ["poplib over TLS", "client = pop3()"],
  [
    "poplib with STLS",
    `client = poplib.POP3("localhost", int(env["POP3_PLAIN"])); client.stls(context)
client.user(user); client.pass_(password)`,
  ],
])("%s reads", async (_, connect) => {
  expect(await run(`${connect}\nprint(client.stat()[0] > 0, client.quit()[:3])`)).toBe(
    "True b'+OK'",
  );
});

test("clients come over IPv6 as well, and are shown with that address", async () => {
  const listeners = (["imap", "pop3", "smtp"] as const).map((kind) => ({
    ...listenerOf(kind),
    host: "::1",
  }));
  const { ports, stop } = await startDeviceListeners(listeners);
  const script = `
imap, pop3, smtp = ${ports.join(", ")}
reader = imaplib.IMAP4("::1", imap); reader.login(user, password)
poplib_ = poplib.POP3("::1", pop3); poplib_.user(user); poplib_.pass_(password)
sender = smtplib.SMTP("::1", smtp); sender.login(user, password)
print(reader.logout()[0], poplib_.quit()[:3], sender.quit()[0])`;
  expect(await run(script)).toBe("BYE b'+OK' 221");
  // Written down beside the session, which does not wait for it.
  const byIpv6 = async () =>
    (await listAttempts(ada, device.id))
      .filter(({ address }) => address === "::1")
      .map(({ protocol }) => protocol)
      .sort();
  await expect.poll(byIpv6).toEqual(["imap", "pop3", "smtp"]);
  await stop();
}, 60_000);

test("curl sends and reads", async () => {
  const { smtps, imaps, pop3s } = gateway().ports;
  const file = `${gateway().caFile}.eml`;
  writeFileSync(file, "Subject: From curl\r\n\r\nHello.\r\n");
  const curl = (...args: string[]) =>
    promisify(execFile)("curl", [
      ...["-sS", "--max-time", "30", "--cacert", gateway().caFile],
      ...["--user", `${ALICE}:${device.password}`, ...args],
    ]);
  await curl(`smtps://localhost:${smtps}`, "--mail-from", ALICE, "--mail-rcpt", ALICE, "-T", file);
  expect((await curl(`imaps://localhost:${imaps}/INBOX;MAILINDEX=1`)).stdout).toMatch(
    /^Subject: /m,
  );
  expect((await curl(`pop3s://localhost:${pop3s}/`)).stdout).toMatch(/^1 \d+/);
});

test.each([
  ["over TLS", "smtps", ["--tls-on-connect"]],
  ["with STARTTLS", "smtp", ["--tls"]],
] as const)(
  "swaks sends %s, with each way to log in",
  async (_, kind, tls) => {
    for (const mechanism of ["PLAIN", "LOGIN"]) {
      const { stdout } = await promisify(execFile)("swaks", [
        ...[
          "--server",
          `localhost:${gateway().ports[kind]}`,
          ...tls,
          "--tls-ca-path",
          gateway().caFile,
        ],
        ...["--tls-verify", "--auth", mechanism, "--auth-user", ALICE],
        ...["--auth-password", device.password, "--from", ALICE, "--to", ALICE, "--timeout", "30"],
      ]);
      expect(stdout).toMatch(/^<~ {2}235 [\s\S]*^<~ {2}250 [\s\S]*^<~ {2}221 /m);
    }
  },
  60_000,
);

test("mutt sends", async () => {
  const { smtps, imaps } = gateway().ports;
  const url = (scheme: string, port: number) =>
    `${scheme}://${encodeURIComponent(ALICE)}@localhost:${port}`;
  const settings = [
    `set ssl_ca_certificates_file="${gateway().caFile}" ssl_usesystemcerts=no`,
    `set smtp_url="${url("smtps", smtps)}" smtp_pass="${device.password}" from="${ALICE}"`,
    `set imap_user="${ALICE}" imap_pass="${device.password}" use_envelope_from=yes`,
    `set record="${url("imaps", imaps)}/INBOX" copy=yes hostname=localhost`,
  ];
  const file = `${gateway().caFile}.muttrc`;
  writeFileSync(file, `${settings.join("\n")}\n`);
  const sending = promisify(execFile)("mutt", ["-n", "-F", file, "-s", "From mutt", "--", ALICE]);
  sending.child.stdin?.end("Hello.\n");
  await sending;
}, 60_000);

test("imapflow reads and waits with IDLE", async () => {
  const client = new ImapFlow({
    host: "localhost",
    port: gateway().ports.imaps,
    secure: true,
    logger: false,
    auth: { user: ALICE, pass: device.password },
    tls: { ca: gateway().ca },
  });
  await client.connect();
  const inbox = await client.status("INBOX", { messages: true });
  expect(inbox).toMatchObject({ messages: expect.any(Number) });
  await client.logout();
});

test("nodemailer sends many messages over one connection", async () => {
  const transport = createTransport({
    host: "localhost",
    port: gateway().ports.smtps,
    secure: true,
    pool: true,
    maxConnections: 1,
    auth: { user: ALICE, pass: device.password },
    tls: { ca: gateway().ca },
  });
  const message = {
    from: ALICE,
    to: ALICE,
    subject: "From nodemailer",
    text: "x\n.\ny".repeat(99),
  };
  const sent = await Promise.all([1, 2, 3].map(() => transport.sendMail(message)));
  expect(sent.map(({ response }) => response.slice(0, 3))).toEqual(["250", "250", "250"]);
  transport.close();
});

test("what a device did is shown: who it says it is, the TLS version, messages and bytes", async () => {
  const attempts = await listAttempts(ada, device.id);
  expect(attempts.map(({ outcome }) => outcome)).toContain("ok");
  await expect
    .poll(async () => (await findDevice(ada, device.id))?.messages, { timeout: 10_000 })
    .toBeGreaterThanOrEqual(6);
  expect(await findDevice(ada, device.id)).toMatchObject({
    lastAddress: "127.0.0.1",
    lastTlsVersion: "TLSv1.3",
    bytes: expect.any(Number),
  });
});
