import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import { beforeAll, describe, expect, test } from "vitest";
import { listAttempts } from "@/lib/access/devices/attempts/queries";
import { createDevice } from "@/lib/access/devices/mutations";
import { findDevice } from "@/lib/access/devices/queries";
import { administrator } from "@/lib/testing/actors";
import { python, withDeviceGateway } from "@/lib/testing/device-gateway";
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
  const protocols = ["imap", "pop3", "smtp"] as const;
  device = await createDevice(ada, { name: "ERP", emailAccountId, protocols: [...protocols] });
});

const values = (port: number) => ({
  PORT: `${port}`,
  CA: gateway().caFile,
  USER_NAME: ALICE,
  PASSWORD: device.password,
});

const PYTHON = `
import os, ssl, smtplib, imaplib, poplib
port, user, password = int(os.environ["PORT"]), os.environ["USER_NAME"], os.environ["PASSWORD"]
context = ssl.create_default_context(cafile=os.environ["CA"])
`;

const SEND = `
client.login(user, password)
refused = client.sendmail(user, [user], b"From: alice@contoso.test\\r\\nSubject: From smtplib\\r\\n\\r\\n.dot\\r\\n")
print(refused, client.quit()[0])
`;

describe("Python", () => {
  test.each([
    ["smtplib over TLS", "smtps", `client = smtplib.SMTP_SSL("localhost", port, context=context)`],
    [
      "smtplib with STARTTLS",
      "smtp",
      `client = smtplib.SMTP("localhost", port); client.starttls(context=context)`,
    ],
  ] as const)("%s sends", async (_, kind, connect) => {
    const output = await python(`${PYTHON}${connect}${SEND}`, values(gateway().ports[kind]));
    expect(output).toBe("{} 221");
  });

  test.each([
    [
      "imaplib over TLS",
      "imaps",
      `client = imaplib.IMAP4_SSL("localhost", port, ssl_context=context)`,
    ],
    [
      "imaplib with STARTTLS",
      "imap",
      `client = imaplib.IMAP4("localhost", port); client.starttls(context)`,
    ],
  ] as const)("%s reads", async (_, kind, connect) => {
    const script = `${PYTHON}${connect}
client.login(user, password)
print(client.select("INBOX")[0], client.fetch("1", "(RFC822.SIZE)")[0], client.logout()[0])`;
    expect(await python(script, values(gateway().ports[kind]))).toBe("OK OK BYE");
  });

  test.each([
    ["poplib over TLS", "pop3s", `client = poplib.POP3_SSL("localhost", port, context=context)`],
    ["poplib with STLS", "pop3", `client = poplib.POP3("localhost", port); client.stls(context)`],
  ] as const)("%s reads", async (_, kind, connect) => {
    const script = `${PYTHON}${connect}
client.user(user); client.pass_(password)
print(client.stat()[0] > 0, client.quit()[:3])`;
    expect(await python(script, values(gateway().ports[kind]))).toBe("True b'+OK'");
  });

  test("is told a wrong password as one, with the protocol's own code", async () => {
    const script = (connect: string, login: string) => `${PYTHON}${connect}
try:
    ${login}
except Exception as error:
    print(error)`;
    const wrong = { PASSWORD: "wrong" };
    const { smtps, imaps, pop3s } = gateway().ports;
    const smtp = script(
      `client = smtplib.SMTP_SSL("localhost", port, context=context)`,
      "client.login(user, password)",
    );
    expect(await python(smtp, { ...values(smtps), ...wrong })).toContain("(535, b'5.7.8 ");
    const imap = script(
      `client = imaplib.IMAP4_SSL("localhost", port, ssl_context=context)`,
      "client.login(user, password)",
    );
    expect(await python(imap, { ...values(imaps), ...wrong })).toContain("[AUTHENTICATIONFAILED]");
    const pop3 = script(
      `client = poplib.POP3_SSL("localhost", port, context=context)`,
      "client.user(user); client.pass_(password)",
    );
    expect(await python(pop3, { ...values(pop3s), ...wrong })).toContain("-ERR [AUTH]");
  });
});

test("clients come over IPv6 as well, and are shown with that address", async () => {
  const own = { host: "::1", port: 0, tls: "starttls", plaintext: [] } as const;
  const { ports, stop } = await startDeviceListeners([
    { ...own, protocol: "imap" },
    { ...own, protocol: "pop3" },
    { ...own, protocol: "smtp" },
  ]);
  const script = `${PYTHON}
imap, pop3, smtp = (int(each) for each in os.environ["PORTS"].split(","))
reader = imaplib.IMAP4("::1", imap); reader.login(user, password)
poplib_ = poplib.POP3("::1", pop3); poplib_.user(user); poplib_.pass_(password)
sender = smtplib.SMTP("::1", smtp); sender.login(user, password)
print(reader.logout()[0], poplib_.quit()[:3], sender.quit()[0])`;
  const heard = await python(script, { ...values(0), PORTS: ports.join(",") });
  expect(heard).toBe("BYE b'+OK' 221");
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
    tls: { ca: readFileSync(gateway().caFile, "utf8") },
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
    tls: { ca: readFileSync(gateway().caFile, "utf8") },
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
