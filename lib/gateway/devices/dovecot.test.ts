import { beforeAll, describe, expect, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { findDevice } from "@/lib/devices/queries";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { withDovecot } from "@/lib/testing/dovecot";
import { createDevice } from "@/lib/testing/made";

/** Dovecot and Postfix behind the gateway, with an account that still has a password. */
const INBOX = "inbox@contoso.test";

describe.skipIf(!isAvailable())(unavailableReason() ?? "Dovecot and Postfix", () => {
  const dovecot = withDovecot();
  withDatabase();
  const gateway = withDeviceGateway();
  const ada = administrator();
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  let device: { password: string };

  beforeAll(async () => {
    const account = await createEmailAccount(ada, dovecot().accountForm(INBOX, {}));
    device = await createDevice(ada, { name: "ERP", emailAccountId: account.id, protocols });
  });

  const run = (script: string) => gateway().python(script, device.password, INBOX);

  test("a message of 3 MB goes out and comes back byte for byte, by IMAP and POP3", async () => {
    const output = await run(`
body = b"".join(b".%d dots and \\xc3\\xa4\\r\\n" % n for n in range(150000))
sender = smtp()
sender.sendmail(user, [user], b"Subject: Large\\r\\n\\r\\n" + body)
sender.quit()
client = imap()
for _ in range(100):
    client.select("INBOX")
    found = client.search(None, "SUBJECT", "Large")[1][0].split()
    if found: break
    time.sleep(0.1)
text = client.fetch(found[-1], "(BODY.PEEK[TEXT])")[1][0][1]
client.logout()
reader = pop3()
lines = reader.retr(reader.stat()[0])[1]
reader.quit()
print(text == body, lines[-1] == b".149999 dots and \\xc3\\xa4", len(lines) > 150000)`);
    expect(output).toBe("True True True");
  });

  test("a protocol without a server is refused with the reason, and given to no device", async () => {
    const { hosts } = dovecot().accountForm(INBOX, {});
    const form = dovecot().accountForm(INBOX, { key: "noPOP", hosts: { ...hosts, pop3: null } });
    const { id: emailAccountId } = await createEmailAccount(ada, form);
    const scanner = { name: "Scanner", emailAccountId };
    await expect(createDevice(ada, { ...scanner, protocols })).rejects.toMatchObject({
      fields: { protocols: ["The email account has no POP3 server."] },
    });
    const { id, password } = await createDevice(ada, { ...scanner, protocols: ["imap"] });
    await db().device.update({ where: { id }, data: { protocols } });
    expect(await findDevice(ada, id)).toMatchObject({ withoutServer: ["pop3"] });
    const script = `
imap().logout()
try: pop3()
except poplib.error_proto as error: print(error)`;
    const said = await gateway().python(script, password, INBOX);
    expect(said).toContain("[SYS/PERM] The email account has no mail server for this protocol.");
  });
});
