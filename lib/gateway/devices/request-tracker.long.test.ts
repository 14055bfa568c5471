import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { havePrograms } from "@/e2e/servers/mail-programs";
import { canSend, startPostfixSender } from "@/e2e/servers/postfix-sender";
import { writeOwn } from "@/e2e/servers/program-setup";
import { startRequestTracker } from "@/e2e/servers/request-tracker";
import { administrator } from "@/lib/testing/actors";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, BOB, connectedAccount } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();

/** One that reads and sends. @returns its password */
async function device(username: string, rewriteFrom: boolean): Promise<string> {
  const { emailAccountId } = await connectedAccount(ada, sandbox(), {
    username,
    emailAddress: username,
  });
  const protocols = ["imap" as const, "smtp" as const];
  return (await createDevice(ada, { name: "x", emailAccountId, protocols, rewriteFrom })).password;
}

test.runIf(havePrograms && canSend())(
  "Request Tracker makes a ticket of a mail and answers it by mail, set up as its page says",
  async () => {
    const dir = mkdtempSync(join(tmpdir(), "postkey-rt-"));
    chmodSync(dir, 0o755);
    const { ports, ca, python } = gateway();
    const caFile = writeOwn(dir, "ca.pem", ca);
    chmodSync(caFile, 0o644);
    const [password, ofBob] = [await device(ALICE, true), await device(BOB, false)];
    const login = { dir, ports, caFile, user: ALICE, password };
    const relay = join(dir, "sender");
    mkdirSync(relay, { mode: 0o755 });
    const postfix = await startPostfixSender({ ...login, dir: relay, faster: 60 });
    const tracker = await startRequestTracker(login, postfix.port);
    try {
      await python(
        `smtp().sendmail("${BOB}", "${ALICE}", """From: ${BOB}\\nTo: ${ALICE}\\nSubject: No dial tone\\n\\nSince nine.""")`,
        ofBob,
        BOB,
      );
      const inboxOf = (user: string, secret: string) =>
        python(
          `client = imap()
client.select("INBOX", readonly=True)
for id in client.search(None, "ALL")[1][0].split(): print(client.fetch(id, "(BODY.PEEK[])")[1][0][1].decode("latin1"))`,
          secret,
          user,
        );
      await expect.poll(() => inboxOf(ALICE, password)).toContain("No dial tone");
      await tracker.fetch();
      const ticket = await tracker.numberOf("No dial tone");
      expect(await inboxOf(ALICE, password)).not.toContain("No dial tone");
      const ofCustomer = () => inboxOf(BOB, ofBob);
      await expect
        .poll(ofCustomer, { timeout: 30_000 })
        .toContain(`[rt.test #${ticket}] AutoReply: No dial tone`);
      await tracker.answer(ticket, "It is mended.");
      await expect.poll(ofCustomer, { timeout: 30_000 }).toContain("It is mended.");
      expect(await ofCustomer()).toMatch(/^From: .*<alice@contoso\.test>/m);
    } finally {
      tracker.stop();
      await postfix.close();
      rmSync(dir, { recursive: true, force: true });
    }
  },
  180_000,
);
