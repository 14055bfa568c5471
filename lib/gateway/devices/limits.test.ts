import { describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { askCurl, askPlainly, askPython } from "@/lib/testing/device-clients";
import { startDeviceGateway, Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { isLong } from "@/lib/testing/long";
import { scannerOf } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, withAccount } from "@/lib/testing/sign-in";

/** What a device hears that is too fast, or one too many. */
const sandbox = withInstallation();
const gateway = withDeviceGateway({ idleMs: 500 });
const ada = administrator();
const account = withAccount(ada, sandbox);
const scanner = scannerOf(ada, account);

test("a device waits for a connection of its mailbox, and is put off when none becomes free", async () => {
  const { password } = await scanner();
  const small = await startDeviceGateway({ placeMs: 500 });
  const inMessage = async () => {
    const wire = await small.logIn("smtps", password);
    // One that gets no further with a message would give its place to the one that waits.
    wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nDATA\r\n`);
    await wire.until(/^354/m);
    return wire;
  };
  const times = (count: number, open: () => Promise<Wire>) =>
    Promise.all(Array.from({ length: count }, open));
  const held = [
    ...(await times(10, () => small.logIn("imaps", password))),
    ...(await times(3, inMessage)),
  ];
  held.push(await small.logIn("pop3s", password));
  for (const ask of isLong ? [askPlainly, askPython, askCurl] : [askPlainly])
    expect(await ask(small, password)).toEqual(["[LIMIT]", "-ERR [IN-USE]", "421 4.7.0"]);
  for (const { socket } of held) socket.destroy();
  await small.stop();
}, 60_000);

describe("devices that keep their connection open share the three of their mailbox", () => {
  const SEND = `
def send(client, subject):
    client.sendmail(user, [user], "Subject: %s\\r\\n\\r\\nHello.\\r\\n" % subject)
`;
  const sent = async (id: string) =>
    Number((await db().device.findUniqueOrThrow({ where: { id } })).messages);

  test("a fourth one takes the place of one that says nothing, whose next message takes another", async () => {
    const { id, password } = await scanner();
    const script = `${SEND}
idle = [smtp() for _ in range(3)]
send(idle[0], "Idle 0 at first")
fourth = smtp()
send(fourth, "Fourth")
fourth.quit()
for number, client in enumerate(idle):
    print(client.noop()[0], client.rset()[0])
    send(client, "Idle %d again" % number)
    client.quit()`;
    expect(await gateway().python(script, password)).toBe("250 250\n250 250\n250 250");
    await expect.poll(() => db().mailboxPlace.count()).toBe(0);
    await expect.poll(() => sent(id)).toBe(5);
  }, 60_000);

  test("others take the places of those that stop within an envelope, which send again", async () => {
    const { id, password } = await scanner();
    const script = `${SEND}
stuck = [smtp() for _ in range(3)]
for client in stuck:
    client.mail(user)
stuck[1].rcpt(user)
others = [smtp() for _ in range(2)]
for number, client in enumerate(others):
    send(client, "Other %d" % number)
    client.quit()
said = [(client.rcpt(user)[0], client.docmd("DATA")[0]) for client in stuck]
print(sorted(said))
client = stuck[said.index((451, 451))]
client.rset()
send(client, "After all")
client.quit()`;
    expect(await gateway().python(script, password)).toBe("[(250, 354), (451, 451), (451, 451)]");
    await expect.poll(() => sent(id)).toBe(3);
  }, 60_000);

  test("others take the places of those that never come to a message, or never wait for an answer", async () => {
    const { id, password } = await scanner();
    const script = `import threading${SEND}
held = [smtp() for _ in range(3)]
def babble(client):
    client.mail(user)
    while True:
        client.noop(); client.rset(); time.sleep(0.1)
def write(client):
    while True:
        client.sock.sendall(b"NOOP\\r\\n" * 50)
def read(client):
    while client.sock.recv(1 << 16): pass
def forever(work, client):
    try:
        work(client)
    except Exception:
        pass
for args in [(babble, held[0])] + [(work, client) for client in held[1:] for work in (write, read)]:
    threading.Thread(target=forever, args=args, daemon=True).start()
others = [smtp() for _ in range(3)]
for client in others:
    send(client, "In spite of them")
os._exit(0)`;
    await gateway().python(script, password);
    await expect.poll(() => sent(id)).toBe(3);
  }, 60_000);
});

describe("a device that is too fast", () => {
  test("is held at MAIL FROM no longer than it waits, and is then told to come again", async () => {
    const { password } = await scanner({ messagesPerMinute: 1 });
    const script = "client = smtp()\nprint(client.mail(user), client.rset()[0], client.mail(user))";
    expect(await gateway().python(script, password)).toMatch(
      /^\(250, .*\) 250 \(451, b'4\.7\.0 Too many/,
    );
  });

  test("is put off with all that it sent behind MAIL without waiting for the answer", async () => {
    const { password } = await scanner({ messagesPerMinute: 1 });
    const wire = await gateway().logIn("smtps", password);
    await wire.ask(`MAIL FROM:<${ALICE}>`, /^250 /);
    await wire.ask("RSET", /^250 /);
    const rcpt = `RCPT TO:<${ALICE}>\r\n`;
    wire.write(`MAIL FROM:<${ALICE}>\r\n${rcpt}DATA\r\nRSET\r\n${rcpt}`);
    const heard = await wire.until(/(?:^\d{3} .*\r\n){5}/m);
    expect(heard.match(/^\d{3}/gm)).toEqual(["451", "451", "451", "250", "503"]);
    wire.socket.destroy();
  });

  test("is told so a thousand times at the most, and then the connection ends", async () => {
    const { password } = await scanner({ messagesPerMinute: 1 });
    const wire = await gateway().logIn("smtps", password);
    await wire.ask(`MAIL FROM:<${ALICE}>`, /^250 /);
    await wire.ask("RSET", /^250 /);
    wire.write(`MAIL FROM:<${ALICE}>\r\n${`RCPT TO:<${ALICE}>\r\n`.repeat(1_500)}`);
    const codes = (await wire.closed()).match(/^\d{3}/gm) ?? [];
    expect(codes.filter((code) => code === "451")).toHaveLength(1_000);
    expect(codes.slice(1_000)).toEqual(["421"]);
  });
});

test("a message with more recipients than the mailbox's day has left is put off, and refused ones count for nothing", async () => {
  const { password } = await scanner();
  const [hour] = await db().$queryRaw<{ now: Date }[]>`SELECT date_trunc('hour', now()) AS now`;
  await db().mailboxRecipients.deleteMany();
  await db().mailboxRecipients.create({
    data: {
      emailAccountId: account.emailAccountId,
      hour: hour?.now ?? new Date(),
      recipients: 9_990,
    },
  });
  const script = `
client = smtp()
def envelope(*recipients):
    client.mail(user)
    return sorted({client.rcpt(each)[0] for each in recipients})
def send(recipients):
    return envelope(*[user] * recipients), client.docmd("DATA")[0], client.docmd("DATA")[0]
print(envelope(*["nobody@contoso.test"] * 4), client.rset()[0], envelope(*[user] * 40), client.rset()[0])
print(send(70), client.rset()[0], envelope(*[user] * 5), client.data("Subject: x\\r\\n\\r\\nHello.\\r\\n")[0])`;
  expect(await gateway().python(script, password)).toBe(
    "[550] 250 [250] 250\n([250], 451, 451) 250 [250] 250",
  );
  await db().mailboxRecipients.deleteMany();
});

test.each(["smtp", "imaps"] as const)(
  "200 devices of one address that come back at once are served: %s",
  async (kind) => {
    const { ports, ca } = gateway();
    const open = () => Wire.greeted(ports[kind], kind === "imaps" ? ca : undefined);
    const wires = await Promise.all(Array.from({ length: 200 }, open));
    expect(wires.filter(({ isClosed }) => isClosed)).toEqual([]);
    for (const { socket } of wires) socket.destroy();
  },
);
