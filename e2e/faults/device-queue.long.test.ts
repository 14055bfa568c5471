import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import { canSend, type PostfixSender, startPostfixSender } from "@/e2e/servers/postfix-sender";
import { listAttempts } from "@/lib/devices/attempts/queries";
import { openAuthority } from "@/lib/devices/authority/store";
import { findDevice } from "@/lib/devices/queries";
import { db } from "@/lib/kernel/db";
import { updateClientSecret } from "@/lib/registrations/change-credential";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { administrator } from "@/lib/testing/actors";
import { report } from "@/lib/testing/long";
import { createDevice } from "@/lib/testing/made";
import { addKnownSecret, addSecret, expireSecret, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { letExpire } from "@/lib/testing/tokens";
import { freePort } from "@/scripts/ports.mjs";
import { withLimitedMailbox } from "./limited-mailbox";
import { withPrograms } from "./programs";

/**
 * A Postfix whose relay host is the gateway, while the client secret of its account's provider has expired for
 * an hour, with processes as in production and a mailbox that is limited as at Exchange Online.
 *
 * An hour is so many seconds. Everything that Postfix counts in time runs faster by the same factor: how soon and
 * how often it tries a message again, and after how long it gives one up. So it does here in an hour what it does
 * in one with its own settings, and only the messages' way over the network is not faster.
 */
const HOUR_S = 300;
const FASTER = 3_600 / HOUR_S;
const MESSAGES = 300;
const MINUTE_S = Math.ceil(HOUR_S / 60);
const MOST_MS = 1_500_000;

describe.skipIf(!canSend())("a Postfix that relays through the gateway", () => {
  const sandbox = withInstallation();
  const programs = withPrograms("gateway", "keeper");
  const ada = administrator();
  const server = withLimitedMailbox(sandbox, MINUTE_S * 1_000);
  const { folder } = server;

  test(
    `delivers each of ${MESSAGES} messages once, after an hour of an expired client secret`,
    async () => {
      const { cloudProviderId, device, secretId } = await registered();
      const port = await freePort();
      await startPrograms(port);
      const postfix = await startPostfix(port, device.password);
      const logged = () => readFileSync(join(folder, "postfix.log"), "utf8");
      try {
        await send(postfix, 1);
        await expect.poll(() => server().delivered, { timeout: 30_000 }).toEqual(["1"]);

        await expireSecret(sandbox(), secretId);
        await letExpire(cloudProviderId);
        for (let number = 2; number <= MESSAGES; number += 1) {
          await send(postfix, number);
          await sleep((HOUR_S * 1_000) / MESSAGES);
        }
        await expect
          .poll(logged, { timeout: 30_000 })
          .toMatch(/authentication failed.*454 4\.7\.0/);
        expect(server().delivered).toEqual(["1"]);
        expect(postfix.waiting()).toBe(MESSAGES - 1);
        const outcomes = (await listAttempts(ada, device.id)).map(({ outcome }) => outcome);
        expect(outcomes).toContain("registration_broken");
        await expect.poll(openIncidents, { timeout: 60_000 }).toBe(1);

        const clientSecret = await addSecret(sandbox());
        const secretExpiresOn = isoDay(12);
        await updateClientSecret(ada, { cloudProviderId, clientSecret, secretExpiresOn });
        const repairedAt = performance.now();
        await expect.poll(() => postfix.waiting(), { timeout: MOST_MS / 2, interval: 200 }).toBe(0);
        const seconds = ((performance.now() - repairedAt) / 1_000).toFixed(0);
        const deferred = logged().match(/status=deferred/g)?.length ?? 0;
        report("queue", { messages: MESSAGES, "an hour in s": HOUR_S, deferred, seconds });

        expect([...server().delivered].sort(byNumber)).toEqual(numbers());
        expect(server().refusals).toEqual([]);
        expect(logged()).not.toMatch(/status=(?:bounced|expired)/);
        await expect
          .poll(async () => (await findDevice(ada, device.id))?.messages, { timeout: 30_000 })
          .toBe(MESSAGES);
      } finally {
        await postfix.close();
      }
    },
    MOST_MS,
  );

  /** A provider with a client secret of its own, an account, and the device that is the Postfix. */
  async function registered() {
    const secret = await addKnownSecret(sandbox());
    const registration = { ...sandbox().registration, clientSecret: secret.value };
    const { cloudProviderId, emailAccountId } = await connectedAccount(ada, { registration });
    const protocols = ["smtp" as const];
    const device = await createDevice(ada, { name: "Postfix", emailAccountId, protocols });
    return { cloudProviderId, device, secretId: secret.id };
  }

  async function startPrograms(port: number): Promise<void> {
    const env = {
      POSTKEY_DEVICE_LISTENERS: `smtps://127.0.0.1:${port}`,
      POSTKEY_MAILBOX_PACE: `30/${MINUTE_S}`,
    };
    await Promise.all([programs.start("gateway", { env }), programs.start("keeper", { env })]);
  }

  async function startPostfix(port: number, password: string): Promise<PostfixSender> {
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, (await openAuthority()).certificate);
    const relay = { dir: folder, ports: { smtps: port }, caFile, user: ALICE, password };
    return startPostfixSender({ ...relay, faster: FASTER });
  }
});

const openIncidents = () => db().incident.count({ where: { resolvedAt: null } });
const byNumber = (one: string, other: string) => Number(one) - Number(other);
const numbers = () => Array.from({ length: MESSAGES }, (_, at) => `${at + 1}`);

async function send({ port }: PostfixSender, number: number): Promise<void> {
  const program = createTransport({ host: "127.0.0.1", port, ignoreTLS: true });
  await program.sendMail({ from: ALICE, to: ALICE, subject: `${number}`, text: "Hello.\n" });
}
