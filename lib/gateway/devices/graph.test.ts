import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { listAttempts } from "@/lib/devices/attempts/queries";
import { revokeDevice } from "@/lib/devices/mutations";
import { setSendsBy } from "@/lib/email-accounts/ways/mutations";
import { administrator } from "@/lib/testing/actors";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { scannerOf } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, BOB, connectedAccount, signIn, withAccount } from "@/lib/testing/sign-in";

/** A device of an account whose organisation has SMTP AUTH off. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
const account = withAccount(ada, sandbox);
let device: { id: string; password: string };
let bob: { password: string };

const consent = () =>
  signIn(ada, { subject: "email_account", emailAccountId: account.emailAccountId }, ALICE);

beforeAll(async () => {
  const names = { emailAddress: BOB, username: BOB };
  bob = await scannerOf(ada, await connectedAccount(ada, sandbox(), names))();
  await setSendsBy(ada, { id: account.emailAccountId, sendsBy: "graph" });
  device = await scannerOf(ada, account)();
});
afterEach(() => sandbox().faults.clearAll());

/** @returns what Python's client heard, or "sent" */
const send = (message: string, to: readonly string[] = [BOB]) =>
  gateway().python(
    `
try:
    smtp().sendmail(user, ${JSON.stringify(to)}, ${JSON.stringify(message)}.encode())
    print("sent")
except smtplib.SMTPException as error:
    print(error)`,
    device.password,
  );

/** The newest message in the inbox of Bob, and how many there are. */
const newest = () =>
  gateway().python(
    `
client = imap()
client.select("INBOX")
numbers = client.search(None, "ALL")[1][0].split()
print(len(numbers), client.fetch(numbers[-1], "(BODY.PEEK[])")[1][0][1].decode())`,
    bob.password,
    BOB,
  );
const count = async () => Number.parseInt(await newest(), 10);

const posts = () => sandbox().requests().counts["graph sendMail"] ?? 0;

test("is put off until Microsoft Graph is consented to, and then sends without SMTP", async () => {
  expect(await send("To: bob@contoso.test\r\n\r\nx")).toMatch(/454.*sign in again/);
  await expect
    .poll(async () => (await listAttempts(ada, device.id))[0])
    .toMatchObject({ outcome: "sign_in_lapsed", remedyId: "graph.send_not_consented" });
  await consent();
  sandbox().faults.set("smtp_auth_disabled_tenant");
  const message = `From: ${ALICE}\r\nTo: Bob <${BOB}>\r\nSubject: Scan\r\n\r\n.dot\r\n..\r\nÄ\r\n`;
  await expect.poll(() => send(message)).toBe("sent");
  expect(await newest()).toContain(message.trimEnd());
});

describe("a message for Microsoft Graph, which reads its recipients in the header", () => {
  test("reaches who is in no field, and shows them to no one", async () => {
    const message = `To: ${ALICE}\r\nBcc: eve@contoso.test\r\nSubject: Quietly\r\n\r\nx`;
    expect(await send(message, [ALICE, BOB])).toBe("sent");
    const taken = await newest();
    expect(taken).toMatch(/^\d+ To: .*\r\nSubject: Quietly\r\n/);
    expect(taken).not.toMatch(/bcc|bob@|eve@/i);
  });

  test("goes with a scan of 1,600 KB, and with lines that end by LF alone", async () => {
    const lines = `${"x".repeat(76)}\r\n`.repeat(28_000);
    const wire = await gateway().logIn("smtp", device.password);
    wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nDATA\r\n`);
    await wire.until(/^354/m);
    await wire.ask(`To: ${ALICE}\nSubject: Scan\n\n${lines}.`, /^250 2\.0\.0 Accepted/m);
    wire.socket.destroy();
  });

  test.each([
    ["To", `To: ${BOB}, ${ALICE}`],
    ["a folded Cc", `Cc: Bob <${BOB}>,\r\n\t"A" <Alice@Contoso.test>`],
    ["a group", `To: All: ${ALICE};`],
  ])("is refused when someone in %s is no recipient", async (_what, field) => {
    expect(await send(`${field}\r\nSubject: Not so\r\n\r\nx`)).toMatch(
      /554.*everyone in To and Cc/,
    );
    expect(await newest()).not.toContain("Not so");
  });

  test.each(["From x\r\n", "\ufeff", " ,"])(
    "names no one behind %o, which is no field",
    async (first) => {
      expect(await send(`${first}To: ${ALICE}\r\nSubject: Hidden\r\n\r\nx`)).toBe("sent");
      expect(await newest()).toContain("Hidden");
    },
  );

  test.each([`${BOB},${ALICE}`, "b\u00f6b@contoso.test"])("has no recipient %s", async (to) => {
    const wire = await gateway().logIn("smtp", device.password);
    wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${to}>\r\nQUIT\r\n`);
    expect(await wire.closed()).toMatch(/^501 5\.1\.3 /m);
  });

  test("goes without a header of its own", async () => {
    expect(await send("Just text: 10 pages\r\n\r\nTo: nobody")).toBe("sent");
    expect(await newest()).toMatch(/Just text: 10 pages/);
  });

  test("is refused when it is larger than Microsoft Graph takes, said before or not", async () => {
    const wire = await gateway().logIn("smtp", device.password);
    expect(await wire.ask(`MAIL FROM:<${ALICE}> SIZE=2400000`, /^552 5\.3\.4 .*\r\n/m)).toContain(
      "2,240 KB",
    );
    wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${BOB}>\r\nDATA\r\n`);
    await wire.until(/^354/m);
    wire.write(`To: ${BOB}\r\n\r\n${`${"x".repeat(78)}\r\n`.repeat(29_000)}.\r\nNOOP\r\nQUIT\r\n`);
    expect(await wire.closed()).toMatch(/552 5\.3\.4 .*\r\n250 .*\r\n221 /);
  });
});

describe("an answer of Microsoft Graph", () => {
  test.each([
    ["send_as_denied", /^554.*may not send/, "graph.send_as_denied"],
    [
      "gateway_timeout",
      /^554.*not known whether.* \(504 UnknownError\) \[/,
      "graph.outcome_unknown",
    ],
    [
      "code_with_breaks",
      /^554 .*Odd.*Injected.*\[graph\.send_refused\]\r\n$/,
      "graph.send_refused",
    ],
    ["throttled", /^451.*takes no more requests/, "graph.busy"],
    ["access_denied", /^451.*may not send from/, "graph.send_denied"],
  ])(
    "%s is told in words of SMTP, once, and shown with the device",
    async (name, said, remedyId) => {
      sandbox().faults.set(`graph:${name}`);
      const [before, messages] = [posts(), await count()];
      const wire = await gateway().logIn("smtp", device.password);
      wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${BOB}>\r\nDATA\r\n`);
      await wire.until(/^354/m);
      const heard = await wire.ask(`To: ${BOB}\r\n\r\nx\r\n.`, /^[45]\d\d .*\r\n/m);
      expect(heard.slice(heard.search(/^[45]\d\d/m))).toMatch(said);
      wire.socket.destroy();
      const attempt = async () => (await listAttempts(ada, device.id))[0];
      const outcome = name === "gateway_timeout" ? "message_unknown" : "message_refused";
      await expect.poll(attempt).toMatchObject({ outcome, remedyId });
      expect(posts() - before).toBe(name === "throttled" ? 2 : 1);
      expect(await count()).toBe(name === "gateway_timeout" ? messages + 1 : messages);
    },
  );

  test("that asks to wait is not waited for by a device that was revoked meanwhile", async () => {
    sandbox().faults.set("graph:throttled", { times: 2 });
    const [before, messages] = [posts(), await count()];
    const { id, password } = await scannerOf(ada, account)();
    const begin = async (by: string) => {
      const wire = await gateway().logIn("smtp", by);
      wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${BOB}>\r\nDATA\r\n`);
      await wire.until(/^354/m);
      return wire;
    };
    const [first, second] = [await begin(password), await begin(device.password)];
    first.write(`To: ${BOB}\r\n\r\nfirst\r\n.\r\n`);
    await expect.poll(() => posts() - before).toBe(1);
    await revokeDevice(ada, { id });
    await second.ask(`To: ${BOB}\r\n\r\nsecond\r\n.`, /^250 2\.0\.0 Accepted/m);
    expect([posts() - before, (await count()) - messages]).toEqual([3, 1]);
    second.socket.destroy();
  });

  test("comes for each message of a connection, with a token that is there by then", async () => {
    const wire = await gateway().logIn("smtp", device.password);
    sandbox().faults.set("graph:expired", { times: 1 });
    const mail = `MAIL FROM:<${ALICE}>\r\nRCPT TO:<${BOB}>\r\nDATA\r\n`;
    for (const answer of [/^451 /m, /^250 2\.0\.0 Accepted/m]) {
      wire.write(mail);
      await wire.until(/^354/m);
      expect(await wire.ask(`To: ${BOB}\r\n\r\nx\r\n.`, answer)).toMatch(answer);
    }
    wire.socket.destroy();
  });
});
