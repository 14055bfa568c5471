import { beforeAll, expect, test } from "vitest";
import { listAttempts } from "@/lib/access/devices/attempts/queries";
import { createDevice } from "@/lib/access/devices/mutations";
import { startDeviceListeners } from "@/lib/gateway/devices/listeners";
import { administrator } from "@/lib/testing/actors";
import { curl } from "@/lib/testing/device-clients";
import { listenerOf, python, withDeviceGateway } from "@/lib/testing/device-gateway";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** What an account's server says to a session, and what is said before one, reach Python and curl alike. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
let password: string;
let deviceId: string;

beforeAll(async () => {
  const ada = administrator();
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  const device = await createDevice(ada, { name: "ERP", emailAccountId, protocols });
  ({ id: deviceId, password } = device);
});

const byPython = (script: string) => gateway().python(script, password);

async function byCurl(kind: "imaps" | "smtps", ...args: string[]): Promise<string> {
  const { ports, caFile } = gateway();
  const login = ["--cacert", caFile, "--user", `${ALICE}:${password}`];
  const [path = "", ...rest] = args;
  return (await curl(...login, ...rest, `${kind}://localhost:${ports[kind]}${path}`)).heard;
}

const SELECT = `client = imap()
try:
    print(client.select("INBOX"))
except imaplib.IMAP4.error as error:
    print(error)`;

const SEND = (sender: string) => `print(*smtp().mail(${JSON.stringify(sender)}))`;

const envelope = (sender: string) => [
  ...["", "--mail-from", sender, "--mail-rcpt", ALICE, "-T", gateway().caFile],
];

test("a mailbox that is authenticated and not connected", async () => {
  const said = "User is authenticated but not connected";
  sandbox().faults.set("authenticated_not_connected");
  expect(await byPython(SELECT)).toContain(said);
  expect(await byCurl("imaps", "/INBOX")).toContain(` BAD ${said}`);
  // Each was let in first, and the second one at once behind the first.
  const outcomes = async () =>
    (await listAttempts(administrator(), deviceId)).map(({ outcome }) => outcome);
  const alike = ["server_refused", "ok"];
  await expect.poll(outcomes).toEqual([...alike, ...alike]);
});

test("a session whose token has ended, which the server says and closes", async () => {
  sandbox().faults.set("reply:imap:open:token.expired");
  expect(await byPython(SELECT)).toContain("AccessTokenExpired");
  expect(await byCurl("imaps", "/INBOX")).toContain("< * BYE Session invalidated");
});

test("a token that ended at the login is renewed, and the device hears nothing of it", async () => {
  const heard = [() => byPython(SELECT), () => byCurl("imaps", "/INBOX")];
  for (const ask of heard) {
    const before = tokenRequests(sandbox(), "refresh_token");
    sandbox().faults.set("reply:imap:authenticate:token.expired:code", { times: 1 });
    expect(await ask()).toMatch(/'OK'|< A003 OK/);
    expect(tokenRequests(sandbox(), "refresh_token") - before).toBe(1);
  }
});

test("a server that is busy at MAIL FROM", async () => {
  sandbox().faults.set("reply:smtp:sender:mail.temporary:sender");
  expect(await byPython(SEND(ALICE))).toMatch(/^451 b.4\.7\.500 /);
  expect(await byCurl("smtps", ...envelope(ALICE))).toContain("< 451 4.7.500 ");
});

test("a sender that is not on the device's list", async () => {
  const other = "mfp@printer.local";
  expect(await byPython(SEND(other))).toMatch(/^550 b'5\.7\.1 /);
  expect(await byCurl("smtps", ...envelope(other))).toContain("< 550 5.7.1 ");
});

test("a listener that does not serve the network", async () => {
  const protocols = ["imap", "pop3", "smtp"] as const;
  const listeners = protocols.map((kind) => ({ ...listenerOf(kind), from: ["10.0.0.0/8"] }));
  const { ports, stop } = await startDeviceListeners(listeners);
  const [imap = 0, pop3 = 0, smtp = 0] = ports;
  const script = `import imaplib, poplib, smtplib
for connect in [lambda: imaplib.IMAP4("localhost", ${imap}), lambda: poplib.POP3("localhost", ${pop3}), lambda: smtplib.SMTP("localhost", ${smtp})]:
    try:
        connect()
    except Exception as error:
        print(error)`;
  const said = /BYE This server[\s\S]*-ERR \[SYS\/PERM\][\s\S]*554\D{1,5}5\.7\.1/;
  expect(await python(script, {})).toMatch(said);
  const heard = [];
  for (const [at, protocol] of protocols.entries())
    heard.push((await curl(`${protocol}://localhost:${ports[at]}`)).heard);
  expect(heard.join("\n")).toMatch(said);
  await stop();
});
