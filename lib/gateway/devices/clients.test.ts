import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { createTransport } from "nodemailer";
import { beforeAll, expect, test } from "vitest";
import { listAttempts } from "@/lib/devices/attempts/queries";
import { administrator } from "@/lib/testing/actors";
import { listenerOf, withDeviceGateway } from "@/lib/testing/device-gateway";
import { createDevice } from "@/lib/testing/made";
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

test.each([
  ["over TLS", "sender, reader, fetcher = smtp(), imap(), pop3()"],
  [
    "with STARTTLS",
    `sender = smtplib.SMTP("localhost", int(env["SMTP_PLAIN"])); sender.starttls(context=context)
reader = imaplib.IMAP4("localhost", int(env["IMAP_PLAIN"])); reader.starttls(context)
fetcher = poplib.POP3("localhost", int(env["POP3_PLAIN"])); fetcher.stls(context)
sender.login(user, password); reader.login(user, password); fetcher.user(user); fetcher.pass_(password)`,
  ],
])("smtplib sends, and imaplib and poplib read, %s", async (_, connect) => {
  const script = `${connect}
print(sender.sendmail(user, [user], b"From: alice@contoso.test\\r\\nSubject: x\\r\\n\\r\\n.dot\\r\\n"), sender.quit()[0])
print(reader.select("INBOX")[0], reader.fetch("1", "(RFC822.SIZE)")[0], reader.create("Old")[0], reader.rename("Old", "New")[0], reader.delete("New")[0], reader.logout()[0])
print(fetcher.stat()[0] > 0, fetcher.top(1, 0)[1][-1], fetcher.quit()[:3])`;
  expect(await run(script)).toBe("{} 221\nOK OK OK OK OK BYE\nTrue b'' b'+OK'");
});

test("clients come over IPv6 as well, and are shown with that address", async () => {
  const kinds = ["imap", "pop3", "smtp"] as const;
  const listeners = kinds.map((kind) => ({ ...listenerOf(kind), host: "::1" }));
  const { ports, stop } = await startDeviceListeners(listeners);
  const script = `
imap, pop3, smtp = ${ports.join(", ")}
reader = imaplib.IMAP4("::1", imap); reader.login(user, password)
poplib_ = poplib.POP3("::1", pop3); poplib_.user(user); poplib_.pass_(password)
sender = smtplib.SMTP("::1", smtp); sender.login(user, password)
print(reader.logout()[0], poplib_.quit()[:3], sender.quit()[0])`;
  expect(await run(script)).toBe("BYE b'+OK' 221");
  // Written down beside the session, which does not wait for it.
  const byIpv6 = async () => {
    const attempts = await listAttempts(ada, device.id);
    return attempts
      .flatMap(({ address, protocol }) => (address === "::1" ? [protocol] : []))
      .sort();
  };
  await expect.poll(byIpv6).toEqual(kinds);
  await stop();
}, 60_000);

test("curl sends and reads", async () => {
  const { smtps, imaps, pop3s } = gateway().ports;
  const file = `${gateway().caFile}.eml`;
  writeFileSync(file, "Subject: From curl\r\n\r\nHello.\r\n");
  const curl = async (...args: string[]) => {
    const all = ["-sS", "--max-time", "30", "--cacert", gateway().caFile];
    const login = ["--user", `${ALICE}:${device.password}`];
    return (await promisify(execFile)("curl", [...all, ...login, ...args])).stdout;
  };
  await curl(`smtps://localhost:${smtps}`, "--mail-from", ALICE, "--mail-rcpt", ALICE, "-T", file);
  expect(await curl(`imaps://localhost:${imaps}/INBOX;MAILINDEX=1`)).toMatch(/^Subject: /m);
  expect(await curl(`pop3s://localhost:${pop3s}/`)).toMatch(/^1 \d+/);
});

test.each([
  ["smtps", "--tls-on-connect", "PLAIN"],
  ["smtp", "--tls", "LOGIN"],
] as const)(
  "swaks sends at the port of %s, by %s and AUTH %s",
  async (kind, tls, mechanism) => {
    const at = ["--server", `localhost:${gateway().ports[kind]}`, tls, "--tls-verify"];
    const login = ["--auth", mechanism, "--auth-user", ALICE, "--auth-password", device.password];
    const mail = ["--from", ALICE, "--to", ALICE, "--tls-ca-path", gateway().caFile];
    const { stdout } = await promisify(execFile)("swaks", [...at, ...login, ...mail]);
    expect(stdout).toMatch(/^<~ {2}235 [\s\S]*^<~ {2}250 [\s\S]*^<~ {2}221 /m);
  },
  60_000,
);

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
  const text = "x\n.\ny".repeat(99);
  const message = { from: ALICE, to: ALICE, subject: "From nodemailer", text };
  const sent = await Promise.all([1, 2, 3].map(() => transport.sendMail(message)));
  expect(sent.map(({ response }) => response.slice(0, 3))).toEqual(["250", "250", "250"]);
  transport.close();
});
