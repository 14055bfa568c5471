import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import type { CreateDevice } from "@/lib/access/devices/schema";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { askCurl, askPython, curl } from "@/lib/testing/device-clients";
import { python, Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** What a device hears that is too fast, or one too many. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let emailAccountId: string;

beforeAll(async () => {
  ({ emailAccountId } = await connectedAccount(ada, sandbox()));
});

const scanner = (changes: Partial<CreateDevice> = {}) =>
  createDevice(ada, {
    name: "Scanner",
    emailAccountId,
    protocols: ["imap", "pop3", "smtp"],
    ...changes,
  });

test("a device waits for a connection of its mailbox, and is put off when none becomes free", async () => {
  const { password } = await scanner();
  const { imaps, pop3s, smtps } = gateway().ports;
  const ca = readFileSync(gateway().caFile, "utf8");
  const plain = Buffer.from(`\0${ALICE}\0${password}`).toString("base64");
  const hold = async (port: number, line: string, pattern: RegExp) => {
    const wire = await Wire.open(port, ca);
    await wire.until(/\r\n/);
    await wire.ask(line, pattern);
    return wire;
  };
  const inMessage = async () => {
    const wire = await hold(smtps, `AUTH PLAIN ${plain}`, /^235/m);
    // One that gets no further with a message would give its place to the one that waits.
    await wire.ask(`MAIL FROM:<${ALICE}>`, /^250/m);
    await wire.ask(`RCPT TO:<${ALICE}>`, /^250/m);
    await wire.ask("DATA", /^354/m);
    return wire;
  };
  const times = (count: number, open: () => Promise<Wire>) =>
    Promise.all(Array.from({ length: count }, open));
  const login = `a LOGIN ${ALICE} ${password}`;
  const held = [
    ...(await times(10, () => hold(imaps, login, /^a OK/m))),
    ...(await times(1, () => hold(pop3s, `AUTH PLAIN ${plain}`, /^\+OK/m))),
    ...(await times(3, inMessage)),
  ];
  const { caFile } = gateway();
  const of = { ports: { imap: imaps, pop3: pop3s, smtp: smtps }, caFile, user: ALICE, password };
  const heard = await Promise.all([askPython(of), askCurl(of)]);
  const expected = ["[LIMIT]", "-ERR [IN-USE]", "421 4.7.0"];
  expect(heard).toEqual([expected, expected]);
  for (const { socket } of held) socket.destroy();
}, 90_000);

describe("a device that is too fast", () => {
  test("is held at MAIL FROM no longer than it waits, and is then told to come again", async () => {
    const { password } = await scanner({ messagesPerMinute: 1 });
    const { smtps } = gateway().ports;
    const { caFile } = gateway();
    const send = `import os, ssl, smtplib
client = smtplib.SMTP_SSL("localhost", int(os.environ["PORT"]), context=ssl.create_default_context(cafile=os.environ["CA"]))
client.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
print(client.mail(os.environ["USER_NAME"]), client.rset()[0], client.mail(os.environ["USER_NAME"]))`;
    const values = { PORT: `${smtps}`, CA: caFile, USER_NAME: ALICE, PASSWORD: password };
    expect(await python(send, values)).toMatch(/^\(250, .*\) 250 \(451, b'4\.7\.0 Too many/);
    const login = ["--cacert", caFile, "--user", `${ALICE}:${password}`];
    const envelope = ["--mail-from", ALICE, "--mail-rcpt", ALICE, "-T", caFile];
    const { heard } = await curl(...login, ...envelope, `smtps://localhost:${smtps}`);
    expect(heard).toContain("< 451 4.7.0 ");
  });

  test("is put off with all that it sent behind MAIL without waiting for the answer", async () => {
    const { password } = await scanner({ messagesPerMinute: 1 });
    const send = `import os, ssl, smtplib
client = smtplib.SMTP_SSL("localhost", int(os.environ["PORT"]), context=ssl.create_default_context(cafile=os.environ["CA"]))
user = os.environ["USER_NAME"]
client.login(user, os.environ["PASSWORD"])
print(client.mail(user)[0], client.rset()[0])
client.sock.sendall(f"MAIL FROM:<{user}>\\r\\nRCPT TO:<{user}>\\r\\nDATA\\r\\nRSET\\r\\nRCPT TO:<{user}>\\r\\n".encode())
print(*(client.getreply()[0] for _ in range(5)))`;
    const { ports, caFile: CA } = gateway();
    const values = { PORT: `${ports.smtps}`, CA, USER_NAME: ALICE, PASSWORD: password };
    expect(await python(send, values)).toBe("250 250\n451 451 451 250 503");
  });

  test("is told so a thousand times at the most, and then the connection ends", async () => {
    const { password } = await scanner({ messagesPerMinute: 1 });
    const send = `import os, ssl, smtplib
client = smtplib.SMTP_SSL("localhost", int(os.environ["PORT"]), context=ssl.create_default_context(cafile=os.environ["CA"]))
user = os.environ["USER_NAME"]
client.login(user, os.environ["PASSWORD"])
print(client.mail(user)[0], client.rset()[0])
client.sock.sendall(f"MAIL FROM:<{user}>\\r\\n".encode() + f"RCPT TO:<{user}>\\r\\n".encode() * 1500)
codes = []
try:
    while True:
        codes.append(client.getreply()[0])
except smtplib.SMTPServerDisconnected:
    pass
print(codes.count(451), codes[1000:])`;
    const { ports, caFile: CA } = gateway();
    const values = { PORT: `${ports.smtps}`, CA, USER_NAME: ALICE, PASSWORD: password };
    expect(await python(send, values)).toBe("250 250\n1000 [421]");
  });
});

test("recipients that pass the mailbox's day are put off, and the message goes to the others", async () => {
  const { password } = await scanner();
  const [hour] = await db().$queryRaw<{ now: Date }[]>`SELECT date_trunc('hour', now()) AS now`;
  await db().mailboxRecipients.deleteMany();
  await db().mailboxRecipients.create({
    data: { emailAccountId, hour: hour?.now ?? new Date(), recipients: 9_990 },
  });
  const send = `import os, ssl, smtplib
client = smtplib.SMTP_SSL("localhost", int(os.environ["PORT"]), context=ssl.create_default_context(cafile=os.environ["CA"]))
user = os.environ["USER_NAME"]
client.login(user, os.environ["PASSWORD"])
client.mail(user)
codes = [client.rcpt(user)[0] for _ in range(70)]
print(codes.count(250) >= 1, codes.count(451) > 50, client.data("Subject: x\\r\\n\\r\\nHello.\\r\\n")[0])`;
  const { caFile, ports } = gateway();
  const values = { PORT: `${ports.smtps}`, CA: caFile, USER_NAME: ALICE, PASSWORD: password };
  expect(await python(send, values)).toBe("True True 250");
  await db().mailboxRecipients.deleteMany();
}, 60_000);

test("a connection is put off where all of its address log in already, and other ports have room", async () => {
  sandbox().faults.set("mail_hang");
  const { imap, pop3, smtp } = gateway().ports;
  // A device has twenty sessions: these have enough for all ports.
  const devices = await Promise.all(Array.from({ length: 9 }, () => scanner()));
  const passwordOf = (at: number) => devices[at % devices.length]?.password ?? "";
  const fill = (port: number, login: (password: string) => string, answer: RegExp) =>
    Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const wire = await Wire.open(port);
        await wire.until(/\r\n/);
        // What comes behind the answer is a login that is under way.
        await wire.ask(login(passwordOf(at)), answer);
        return wire;
      }),
    );
  const ofSmtp = (password: string) => Buffer.from(`\0${ALICE}\0${password}`).toString("base64");
  const waiting = await fill(imap, (password) => `a NOOP\r\nb LOGIN ${ALICE} ${password}`, /a OK/);
  const script = `import os, imaplib, poplib, smtplib
for connect in [lambda: imaplib.IMAP4("localhost", ${imap}), lambda: poplib.POP3("localhost", ${pop3}), lambda: smtplib.SMTP("localhost", ${smtp})]:
    try:
        connect()
    except Exception as error:
        print(error)`;
  expect(await python(script, {})).toMatch(/^.*\[UNAVAILABLE\].*$/);
  const ofPop3 = (password: string) => `CAPA\r\nUSER ${ALICE}\r\nPASS ${password}`;
  waiting.push(...(await fill(pop3, ofPop3, /\n\.\r\n\+OK/)));
  waiting.push(
    ...(await fill(smtp, (password) => `NOOP\r\nAUTH PLAIN ${ofSmtp(password)}`, /250/)),
  );
  const heard = await python(script, {});
  expect(heard).toMatch(/\[UNAVAILABLE\][\s\S]*-ERR \[SYS\/TEMP\][\s\S]*421.*4\.3\.2/);
  const alike = await Promise.all([
    curl(`imap://localhost:${imap}`),
    curl(`pop3://localhost:${pop3}`),
    curl(`smtp://localhost:${smtp}`),
  ]);
  expect(alike.map((each) => each.heard).join("\n")).toMatch(
    /< \* BYE \[UNAVAILABLE\][\s\S]*< -ERR \[SYS\/TEMP\][\s\S]*< 421 4\.3\.2/,
  );
  for (const { socket } of waiting) socket.destroy();
  sandbox().faults.clearAll();
}, 60_000);
