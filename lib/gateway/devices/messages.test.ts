import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { listAttempts } from "@/lib/access/devices/attempts/queries";
import { createDevice } from "@/lib/access/devices/mutations";
import { findDevice } from "@/lib/access/devices/queries";
import type { CreateDevice } from "@/lib/access/devices/schema";
import { administrator } from "@/lib/testing/actors";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** What a device sends, once it is signed in. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let emailAccountId: string;

beforeAll(async () => {
  ({ emailAccountId } = await connectedAccount(ada, sandbox()));
});
afterEach(() => sandbox().faults.clearAll());

const scanner = (changes: Partial<CreateDevice> = {}) =>
  createDevice(ada, { name: "Scanner", emailAccountId, protocols: ["smtp", "imap"], ...changes });

/** Sends a message as Python does. @returns what it heard */
function send(password: string, { sender = ALICE, message = "" }): Promise<string> {
  const script = `
try:
    smtp().sendmail(${JSON.stringify(sender)}, [user], ${JSON.stringify(message)}.encode())
    print("sent")
except smtplib.SMTPException as error:
    print(error)`;
  return gateway().python(script, password);
}

/** The newest message of the inbox, as it was taken. */
const newest = (password: string) =>
  gateway().python(
    `
client = imap()
client.select("INBOX")
last = client.search(None, "ALL")[1][0].split()[-1]
print(client.fetch(last, "(BODY.PEEK[])")[1][0][1].decode())`,
    password,
  );

describe("a message that is refused is shown with the device, as the device was told", () => {
  test.each([
    ["sender", "smtp.send_as_denied", "5.7.60"],
    ["data", "smtp.mailbox_full", "5.2.2"],
  ])("at the moment of %s", async (moment, remedyId, code) => {
    const { id, password } = await scanner();
    sandbox().faults.set(`reply:smtp:${moment}:${remedyId}`);
    expect(await send(password, { message: "Subject: x\r\n\r\nText" })).toContain(code);
    const last = async () => (await listAttempts(ada, id))[0];
    await expect.poll(last).toMatchObject({
      outcome: "message_refused",
      remedyId,
      reply: expect.stringContaining(code),
      address: "127.0.0.1",
    });
    expect((await findDevice(ada, id))?.lastRefusedAt).toBeInstanceOf(Date);
  });

  test("by the gateway, for a sender that is not on its list", async () => {
    const { id, password } = await scanner();
    expect(await send(password, { sender: "mfp@printer.local" })).toContain("5.7.1");
    const last = async () => (await listAttempts(ada, id))[0];
    await expect.poll(last).toMatchObject({
      outcome: "sender_refused",
      reply: "MAIL FROM:<mfp@printer.local>",
    });
  });
});

describe("a device whose From is replaced", () => {
  const message =
    "From: Copier <mfp@printer.local>\r\nSubject: Scan\r\n\r\nFrom: stays\r\n.dot\r\n";

  test("sends from an address of its own, under the account's", async () => {
    const { password } = await scanner({ rewriteFrom: true });
    expect(await send(password, { sender: "mfp@printer.local", message })).toBe("sent");
    const taken = await newest(password);
    expect(taken).toMatch(/^From: Copier <alice@contoso\.test>\r?$/m);
    expect(taken).toMatch(/^Reply-To: Copier <mfp@printer\.local>\r?$/m);
    expect(taken).toContain("From: stays");
    expect(taken).toMatch(/^\.dot/m);
  });

  test("sends nothing without a sender, as no device does", async () => {
    const { id, password } = await scanner({ rewriteFrom: true });
    expect(await send(password, { sender: "", message })).toContain("5.7.1");
    // Beside the login, which may be stored after it.
    const told = async () =>
      (await listAttempts(ada, id)).map(({ outcome, reply }) => ({ outcome, reply }));
    const refused = { outcome: "sender_refused", reply: "MAIL FROM:<>" };
    await expect.poll(told, { timeout: 10_000 }).toContainEqual(refused);
  });

  test("is told when the header is too large for that, and sends nothing", async () => {
    const { password } = await scanner({ rewriteFrom: true });
    const large = `Subject: Large\r\n${"X-Filler: y\r\n".repeat(8_000)}\r\nText`;
    expect(await send(password, { message: large })).not.toBe("sent");
    expect(await newest(password)).not.toContain("Subject: Large");
  });
});

test("a mailbox of several people is sent from by the person's name, and read by its own", async () => {
  const SUPPORT = "support@contoso.test";
  const shared = await connectedAccount(ada, sandbox(), { username: ALICE, emailAddress: SUPPORT });
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  const { password } = await scanner({ emailAccountId: shared.emailAccountId, protocols });
  const script = `
def opened():
    client = imap()
    client.select("INBOX")
    return client
client = smtp()
client.sendmail("${SUPPORT}", ["${SUPPORT}"], "From: ${SUPPORT}\\r\\nTo: ${SUPPORT}\\r\\nSubject: Of all of us\\r\\n\\r\\nHello.\\r\\n")
client.quit()
for _ in range(100):
    found = opened().search(None, "SUBJECT", "us")[1][0].split()
    if found: break
    time.sleep(0.1)
reading = pop3()
lines = b"\\n".join(reading.retr(reading.stat()[0])[1])
print(len(found) > 0, b"Of all of us" in lines)`;
  expect(await gateway().python(script, password, SUPPORT)).toBe("True True");
});
