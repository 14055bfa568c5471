import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { listAttempts } from "@/lib/access/devices/attempts/queries";
import { createDevice } from "@/lib/access/devices/mutations";
import { findDevice } from "@/lib/access/devices/queries";
import type { CreateDevice } from "@/lib/access/devices/schema";
import { administrator } from "@/lib/testing/actors";
import { python, withDeviceGateway } from "@/lib/testing/device-gateway";
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

/** Sends a message as Python does, and prints the reply. */
async function send(password: string, { sender = ALICE, message = "" }): Promise<string> {
  const script = `
import os, ssl, smtplib
context = ssl.create_default_context(cafile=os.environ["CA"])
client = smtplib.SMTP_SSL("localhost", int(os.environ["PORT"]), context=context)
client.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
try:
    client.sendmail(os.environ["SENDER"], [os.environ["USER_NAME"]], os.environ["MESSAGE"].encode())
    print("sent")
except smtplib.SMTPException as error:
    print(error)`;
  const { ports, caFile: CA } = gateway();
  const values = { CA, PORT: `${ports.smtps}`, USER_NAME: ALICE, PASSWORD: password };
  return python(script, { ...values, SENDER: sender, MESSAGE: message });
}

/** The newest message of the inbox, as it was taken. */
async function newest(password: string): Promise<string> {
  const script = `
import os, ssl, imaplib
context = ssl.create_default_context(cafile=os.environ["CA"])
client = imaplib.IMAP4_SSL("localhost", int(os.environ["PORT"]), ssl_context=context)
client.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
client.select("INBOX")
last = client.search(None, "ALL")[1][0].split()[-1]
print(client.fetch(last, "(BODY.PEEK[])")[1][0][1].decode())`;
  const { ports, caFile: CA } = gateway();
  return python(script, { CA, PORT: `${ports.imaps}`, USER_NAME: ALICE, PASSWORD: password });
}

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

  test("is none unless it was chosen: the server has its say about the message as it is", async () => {
    const { password } = await scanner();
    expect(await send(password, { message })).toContain("5.2.252 SendAsDenied");
  });
});
