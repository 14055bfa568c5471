import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import { canSend, startPostfixSender } from "@/e2e/servers/postfix-sender";
import { createDevice } from "@/lib/access/devices/mutations";
import { findDevice } from "@/lib/access/devices/queries";
import { readNewestMessages } from "@/lib/messages/read";
import { administrator } from "@/lib/testing/actors";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, letRetryNow } from "@/lib/testing/tokens";

describe.skipIf(!canSend())("a Postfix that relays through the gateway", () => {
  const sandbox = withInstallation();
  const gateway = withDeviceGateway();
  const ada = administrator();

  test("keeps its queue while the client secret has expired, and delivers it afterwards", async () => {
    const account = await connectedAccount(ada, sandbox());
    const { emailAccountId, cloudProviderId } = account;
    const device = await createDevice(ada, {
      ...{ name: "Postfix", emailAccountId, protocols: ["smtp"] },
    });
    const dir = mkdtempSync(join(tmpdir(), "postkey-sender-"));
    chmodSync(dir, 0o755);
    const caFile = join(dir, "ca.pem");
    copyFileSync(gateway().caFile, caFile);
    chmodSync(caFile, 0o644);
    const port = gateway().ports.smtps;
    const relay = { dir, port, caFile, user: ALICE, password: device.password };
    const postfix = await startPostfixSender(relay);
    const logged = () => readFileSync(join(dir, "postfix.log"), "utf8");
    try {
      sandbox().faults.set("secret_expired");
      await letExpire(cloudProviderId);
      const program = createTransport({ host: "127.0.0.1", port: postfix.port, ignoreTLS: true });
      const message = { from: ALICE, to: ALICE, text: "Hello.\n" };
      for (const number of [1, 2, 3])
        await program.sendMail({ ...message, subject: `Queued ${number}` });
      await expect
        .poll(logged, { timeout: 30_000 })
        .toMatch(/SASL authentication failed.*454 4\.7\.0/);
      expect(postfix.waiting()).toBe(3);
      sandbox().faults.clearAll();
      await letRetryNow(cloudProviderId);
      await expect.poll(() => postfix.waiting(), { timeout: 60_000 }).toBe(0);
      const subjects = async () =>
        (await readNewestMessages(ada, emailAccountId)).map(({ subject }) => subject);
      await expect
        .poll(subjects, { timeout: 20_000 })
        .toEqual(expect.arrayContaining(["Queued 1", "Queued 2", "Queued 3"]));
      expect(logged()).not.toContain("status=bounced");
      await expect
        .poll(async () => (await findDevice(ada, device.id))?.messages, { timeout: 20_000 })
        .toBe(3);
    } finally {
      await postfix.close();
      rmSync(dir, { recursive: true, force: true });
    }
  }, 120_000);
});
