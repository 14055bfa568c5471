import { beforeAll, describe, expect, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { listAttempts } from "@/lib/access/devices/attempts/queries";
import { createDevice } from "@/lib/access/devices/mutations";
import { createEmailAccount, updateEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { withDovecot } from "@/lib/testing/dovecot";

/** Dovecot and Postfix behind the gateway, with an account that still has a password. */
const INBOX = "inbox@contoso.test";

describe.skipIf(!isAvailable())(unavailableReason() ?? "Dovecot and Postfix", () => {
  const dovecot = withDovecot();
  withDatabase();
  const gateway = withDeviceGateway();
  const ada = administrator();
  let device: { id: string; password: string };
  let refused: { id: string; password: string; accountId: string };

  beforeAll(async () => {
    const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
    const account = await createEmailAccount(ada, dovecot().accountForm(INBOX, {}));
    device = await createDevice(ada, { name: "ERP", emailAccountId: account.id, protocols });
    const wrong = dovecot().accountForm(INBOX, { password: "wrong", key: "WRONG" });
    const other = await createEmailAccount(ada, wrong);
    const old = await createDevice(ada, { name: "Old", emailAccountId: other.id, protocols });
    refused = { ...old, accountId: other.id };
  });

  const run = (script: string, password = device.password) =>
    gateway().python(script, password, INBOX);

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

  test("a wrong password of the account is an administrator's work, and is not tried again before it is corrected", async () => {
    const login = `
try:
    imap()
    print("OK")
except Exception as error:
    print(error)`;
    const asked = () => run(login, refused.password);
    expect(await asked()).toContain("[CONTACTADMIN]");
    // A server that is asked again would be asked with nothing that opens.
    const locked = { passwordSealed: `v2.${"A".repeat(80)}` };
    await db().emailAccount.update({ where: { id: refused.accountId }, data: locked });
    expect(await asked()).toContain("[CONTACTADMIN]");
    const attempts = await listAttempts(ada, refused.id);
    const met = attempts.map(({ outcome, remedyId }) => `${outcome} ${remedyId}`);
    expect([...new Set(met)]).toEqual(["server_refused password.refused"]);
    const corrected = dovecot().accountForm(INBOX, { key: "WRONG" });
    await updateEmailAccount(ada, { ...corrected, id: refused.accountId, version: 1 });
    expect(await asked()).toBe("OK");
  }, 60_000);
});
