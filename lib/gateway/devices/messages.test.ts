import { afterEach, describe, expect, test } from "vitest";
import { listAttempts } from "@/lib/devices/attempts/queries";
import { findDevice } from "@/lib/devices/queries";
import { administrator } from "@/lib/testing/actors";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { scannerOf } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount, withAccount } from "@/lib/testing/sign-in";

/** What a device sends, once it is signed in. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
const account = withAccount(ada, sandbox);
afterEach(() => sandbox().faults.clearAll());

const scanner = scannerOf(ada, account);

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

const refusals = async (id: string) =>
  (await listAttempts(ada, id)).filter(({ outcome }) => outcome !== "ok");

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

  test("of an unknown recipient, which says nothing about the sender or the server", async () => {
    const { id, password } = await scanner();
    const wire = await gateway().logIn("smtp", password);
    wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<nobody@contoso.test>\r\nDATA\r\nQUIT\r\n`);
    expect(await wire.closed()).toMatch(/^250 .*\r\n550 5\.1\.10 .*\r\n503 .*\r\n221 /);
    await expect
      .poll(() => refusals(id))
      .toMatchObject([
        {
          outcome: "message_refused",
          remedyId: null,
          reply: expect.stringMatching(/^550 5\.1\.10/),
        },
      ]);
  });

  test.each(["mfp@printer.local", ""])(
    "by the gateway, for a sender that is not on its list: <%s>, and for nothing that follows from it",
    async (sender) => {
      const { id, password } = await scanner();
      const wire = await gateway().logIn("smtp", password);
      wire.write(`MAIL FROM:<${sender}>\r\nRCPT TO:<${ALICE}>\r\nDATA\r\nQUIT\r\n`);
      expect(await wire.closed()).toMatch(/^550 5\.7\.1 .*\r\n503 .*\r\n503 .*\r\n221 /);
      const reply = `MAIL FROM:<${sender}>`;
      await expect.poll(() => refusals(id)).toMatchObject([{ outcome: "sender_refused", reply }]);
    },
  );
});

describe("a device whose From is replaced", () => {
  const message =
    "From: Copier <mfp@printer.local>\r\nSubject: Scan\r\n\r\nFrom: stays\r\n.dot\r\n\0.\r\nMAIL FROM:<x@y.z>\r\n";

  test("sends from an address of its own, under the account's", async () => {
    const { password } = await scanner({ rewriteFrom: true });
    expect(await send(password, { sender: "mfp@printer.local", message })).toBe("sent");
    const taken = await newest(password);
    expect(taken).toMatch(/^From: Copier <alice@contoso\.test>\r?$/m);
    expect(taken).toMatch(/^Reply-To: Copier <mfp@printer\.local>\r?$/m);
    expect(taken).toContain("From: stays");
    // Without its NUL the line would end the message, and a second one would begin.
    expect(taken).toContain("MAIL FROM:<x@y.z>");
    expect(taken).toMatch(/^\.dot/m);
  });

  test("sends a failure notice, which has no sender, as the account", async () => {
    const { password } = await scanner({ rewriteFrom: true });
    const notice = "From: MAILER-DAEMON@erp.local\r\nSubject: Undelivered\r\n\r\nText\r\n";
    expect(await send(password, { sender: "", message: notice })).toBe("sent");
    expect(await newest(password)).toMatch(/^From: <alice@contoso\.test>\r?$/m);
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
  const { password } = await scanner({ emailAccountId: shared.emailAccountId });
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
