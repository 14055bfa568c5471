import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { administrator } from "@/lib/testing/actors";
import { python, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, connectedAccount, signIn } from "@/lib/testing/sign-in";

/** A mailbox of several people, which its servers open under another name for each protocol. */
const SUPPORT = "support@contoso.test";
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let cloudProviderId: string;

beforeAll(async () => {
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  await signIn(ada, { subject: "another", cloudProviderId }, BOB);
});

async function deviceOf(username: string): Promise<string> {
  const form = accountForm({ cloudProviderId, username, emailAddress: SUPPORT });
  const { id: emailAccountId } = await createEmailAccount(ada, form);
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  return (await createDevice(ada, { name: `Of ${username}`, emailAccountId, protocols })).password;
}

const BEGIN = `import os, ssl, imaplib, poplib, smtplib, time
context = ssl.create_default_context(cafile=os.environ["CA"])
user, password = os.environ["USER_NAME"], os.environ["PASSWORD"]
def smtp():
    client = smtplib.SMTP_SSL("localhost", int(os.environ["SMTP"]), context=context)
    client.login(user, password)
    return client
def imap():
    client = imaplib.IMAP4_SSL("localhost", int(os.environ["IMAP"]), ssl_context=context)
    client.login(user, password)
    client.select("INBOX")
    return client
def pop3():
    client = poplib.POP3_SSL("localhost", int(os.environ["POP3"]), context=context)
    client.user(user); client.pass_(password)
    return client
`;

function run(script: string, values: { user: string; password: string }): Promise<string> {
  const { ports, caFile: CA } = gateway();
  return python(`${BEGIN}${script}`, {
    CA,
    IMAP: `${ports.imaps}`,
    POP3: `${ports.pop3s}`,
    SMTP: `${ports.smtps}`,
    USER_NAME: values.user,
    PASSWORD: values.password,
  });
}

test("it is sent from by the person's name, and read by its own", async () => {
  const password = await deviceOf(ALICE);
  const script = `
client = smtp()
client.sendmail("${SUPPORT}", ["${SUPPORT}"], "From: ${SUPPORT}\\r\\nTo: ${SUPPORT}\\r\\nSubject: Of all of us\\r\\n\\r\\nHello.\\r\\n")
client.quit()
for _ in range(100):
    found = imap().search(None, "SUBJECT", "us")[1][0].split()
    if found: break
    time.sleep(0.1)
reading = pop3()
lines = b"\\n".join(reading.retr(reading.stat()[0])[1])
print(len(found) > 0, b"Of all of us" in lines)`;
  expect(await run(script, { user: SUPPORT, password })).toBe("True True");
}, 60_000);

test("who may read it and not send from it hears the server's refusal, and it is read", async () => {
  const password = await deviceOf(BOB);
  const script = `
imap().logout()
pop3().quit()
client = smtp()
try:
    print(client.sendmail("${SUPPORT}", ["${SUPPORT}"], "Subject: x\\r\\n\\r\\nHello.\\r\\n"))
except smtplib.SMTPException as error:
    print(error)`;
  expect(await run(script, { user: SUPPORT, password })).toMatch(/SendAsDenied|5\.7\.60/);
}, 60_000);
