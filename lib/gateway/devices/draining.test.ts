import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { createDevice } from "@/lib/access/devices/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { startDeviceGateway } from "@/lib/testing/device-gateway";
import { withDovecot } from "@/lib/testing/dovecot";

/** A gateway that stops, in front of Dovecot: what is under way ends first, and idle clients are told. */
const INBOX = "inbox@contoso.test";

describe.skipIf(!isAvailable())(unavailableReason() ?? "a gateway that stops", () => {
  const dovecot = withDovecot();
  withDatabase();
  const ada = administrator();
  let directory: string;
  let password: string;
  let count = 0;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "postkey-draining-"));
    const account = await createEmailAccount(ada, dovecot().accountForm(INBOX, {}));
    const protocols = ["imap" as const, "pop3" as const];
    const device = { name: "ERP", emailAccountId: account.id, protocols };
    ({ password } = await createDevice(ada, device));
    const body = "x".repeat(70).concat("\r\n").repeat(42_000);
    await dovecot().inboxes.put(INBOX, `Subject: Large\r\n\r\n${body}`);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Runs clients that each say when they are ready, and stops the gateway once they are. */
  async function whileStopping(...scripts: string[]): Promise<string[]> {
    const { python, stop } = await startDeviceGateway(directory);
    count += 1;
    const readyAt = (at: number) => join(directory, `ready-${count}-${at}`);
    const heard = scripts.map((script, at) =>
      python(`${CONNECT.replace("READY", readyAt(at))}${script}`, password, INBOX),
    );
    const areReady = () => scripts.every((_, at) => existsSync(readyAt(at)));
    await expect.poll(areReady, { timeout: 20_000 }).toBe(true);
    await stop();
    return Promise.all(heard);
  }

  test("lets a slow FETCH and a slow RETR end, with what the client says behind it", async () => {
    expect(await whileStopping(SLOW_IMAP, SLOW_POP3)).toEqual(["True OK BYE", "True +OK +OK"]);
  }, 60_000);

  test("tells an idle client", async () => {
    expect(await whileStopping(IDLE_IMAP)).toEqual(["True"]);
  }, 60_000);

  test("ends idle clients one after the other", async () => {
    const [first = "", ...others] = await whileStopping(
      ...Array.from({ length: 5 }, () => ENDS_AT),
    );
    const ends = [first, ...others].map(Number).sort((one, other) => one - other);
    expect((ends.at(-1) ?? 0) - (ends[0] ?? 0)).toBeGreaterThan(0.9);
  }, 60_000);
});

const CONNECT = `
def ready():
    open("READY", "w").close()
def connect(port):
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 262144)
    plain.connect(("127.0.0.1", int(port)))
    return context.wrap_socket(plain, server_hostname="localhost")
def until(client, end, pause=0):
    heard = b""
    while end not in heard[-20000:]:
        heard += client.recv(16384) or b"(closed)" + end
        time.sleep(pause)
    return heard
def ask(client, line, end):
    client.sendall(line.encode() + b"\\r\\n")
    return until(client, end)
`;

const SLOW_IMAP = `
client = connect(env["IMAP"])
until(client, b"\\r\\n")
ask(client, f"a LOGIN {user} {password}", b"a OK")
ask(client, "b SELECT INBOX", b"b OK")
client.sendall(b"c FETCH 1 BODY.PEEK[TEXT]\\r\\n")
client.recv(1000)
ready()
text = until(client, b"c OK", 0.005)
print(len(text) > 3000000, "OK" if b"closed" not in text else "cut off", "no word" if b"closed" in until(client, b"* BYE") else "BYE")
`;

const SLOW_POP3 = `
client = connect(env["POP3"])
until(client, b"\\r\\n")
ask(client, f"USER {user}", b"\\r\\n")
ask(client, f"PASS {password}", b"\\r\\n")
client.sendall(b"RETR 1\\r\\n")
first = client.recv(1000)
ready()
text = until(client, b"\\r\\n.\\r\\n", 0.005)
print(len(text) > 3000000 and b"closed" not in text, first[:3].decode(), ask(client, "QUIT", b"\\r\\n")[:3].decode())
`;

const IDLE_IMAP = `
client = imap()
client.select("INBOX")
ready()
client.sock.settimeout(20)
print(b"* BYE [UNAVAILABLE]" in client.file.readline())
`;

const ENDS_AT = `
client = imap()
ready()
client.sock.settimeout(20)
client.file.readline()
print(time.monotonic())
`;
