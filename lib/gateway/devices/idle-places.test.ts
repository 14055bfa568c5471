import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { python, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** Devices that keep their connection open share the three that the server allows. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let password: string;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["smtp" as const];
  ({ password } = await createDevice(ada, { name: "Scanners", emailAccountId, protocols }));
});

const PYTHON = `import os, ssl, smtplib, threading, time
context = ssl.create_default_context(cafile=os.environ["CA"])
user = os.environ["USER_NAME"]
def log_in():
    client = smtplib.SMTP_SSL("localhost", int(os.environ["PORT"]), context=context)
    client.login(user, os.environ["PASSWORD"])
    return client
def send(client, subject):
    client.sendmail(user, [user], "Subject: %s\\r\\n\\r\\nHello.\\r\\n" % subject)
`;

const SILENT = `${PYTHON}
idle = [log_in() for _ in range(3)]
send(idle[0], "Idle 0 at first")
begun = time.time()
fourth = log_in()
waited = time.time() - begun
send(fourth, "Fourth")
fourth.quit()
for number, client in enumerate(idle):
    print(client.noop()[0], client.rset()[0])
    send(client, "Idle %d again" % number)
    client.quit()
print("waited", 5 < waited < 18)`;

/** Three that hold their places for ever, by saying what is no message. */
const BABBLING = `${PYTHON}
babbling = [log_in() for _ in range(3)]
def babble(client, begins):
    try:
        while True:
            if begins:
                client.mail(user)
            client.noop(); client.rset(); time.sleep(2)
    except Exception:
        pass
for number, client in enumerate(babbling):
    threading.Thread(target=babble, args=[client, number == 0], daemon=True).start()
begun = time.time()
send(log_in(), "In spite of them")
print("waited", 5 < time.time() - begun < 18)`;

/** One whose place is taken asks as fast as it can, and reads what it hears. */
const FLOODING = `${PYTHON}
idle = [log_in() for _ in range(3)]
fourth = log_in()
parted = []
for client in idle:
    client.rcpt(user)[0] == 503 and parted.append(client)
flooding = parted[0].sock
flooding.settimeout(10)
until = time.time() + 4
def write():
    while time.time() < until:
        flooding.sendall(b"NOOP\\r\\n" * 20000)
def read():
    try:
        while flooding.recv(1 << 20):
            pass
    except Exception:
        pass
for work in (write, read):
    threading.Thread(target=work, daemon=True).start()
longest = 0
time.sleep(0.5)
while time.time() < until:
    begun = time.time()
    fourth.noop()
    longest = max(longest, time.time() - begun)
    time.sleep(0.05)
print(len(parted) > 0, longest < 0.5 or longest)`;

/** Three that hold theirs by stopping within an envelope. */
const STUCK = `${PYTHON}
stuck = [log_in() for _ in range(3)]
for client in stuck:
    client.mail(user)
stuck[1].rcpt(user)
begun = time.time()
others = [log_in() for _ in range(2)]
print("waited", 5 < time.time() - begun < 25)
for number, client in enumerate(others):
    send(client, "Other %d" % number)
    client.quit()
said = [(client.rcpt(user)[0], client.docmd("DATA")[0]) for client in stuck]
print(sorted(said))
client = stuck[said.index((451, 451))]
client.rset()
send(client, "After all")
client.quit()`;

/** Three that hold their places for ever, by asking again before the last answer is there. */
const PIPELINING = `${PYTHON}
babbling = [log_in() for _ in range(3)]
def write(client, words):
    try:
        while True:
            client.sock.sendall(words)
    except Exception:
        pass
def read(client):
    try:
        while client.sock.recv(1 << 16):
            pass
    except Exception:
        pass
for client in babbling:
    for args in ([write, client, b"NOOP\\r\\n" * 50], [read, client]):
        threading.Thread(target=args[0], args=args[1:], daemon=True).start()
begun = time.time()
others = [log_in() for _ in range(2)]
for client in others:
    send(client, "In spite of them")
print("waited", 5 < time.time() - begun < 60)`;

const values = () => ({
  PORT: `${gateway().ports.smtps}`,
  CA: gateway().caFile,
  USER_NAME: ALICE,
  PASSWORD: password,
});
const sent = async () => Number((await db().device.findFirstOrThrow()).messages);

test("a fourth one takes the place of one that says nothing, whose next message takes another", async () => {
  const heard = await python(SILENT, values());
  expect(heard).toBe(["250 250", "250 250", "250 250", "waited True"].join("\n"));
  await expect.poll(() => db().mailboxPlace.count()).toBe(0);
  await expect.poll(sent).toBe(5);
}, 90_000);

test("another takes the place of one that says NOOP for ever, or begins and never comes to a message", async () => {
  const before = await sent();
  expect(await python(BABBLING, values())).toBe("waited True");
  await expect.poll(sent, { timeout: 10_000 }).toBe(before + 1);
}, 90_000);

test("others take the places of those that never wait for an answer", async () => {
  const before = await sent();
  expect(await python(PIPELINING, values())).toBe("waited True");
  await expect.poll(sent, { timeout: 10_000 }).toBe(before + 2);
}, 120_000);

test("others take the places of those that stop within an envelope, which send again", async () => {
  const before = await sent();
  const heard = await python(STUCK, values());
  expect(heard).toBe(["waited True", "[(250, 354), (451, 451), (451, 451)]"].join("\n"));
  await expect.poll(sent, { timeout: 10_000 }).toBe(before + 3);
}, 90_000);

test("one that asks without end is answered in turn with the others", async () => {
  expect(await python(FLOODING, values())).toBe("True True");
}, 90_000);
