import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { python, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** Devices that keep their connection open share the three that the server allows. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let password: string;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["smtp" as const];
  ({ password } = await createDevice(ada, { name: "Scanners", emailAccountId, protocols }));
});

const SCRIPT = `import os, ssl, smtplib, time
context = ssl.create_default_context(cafile=os.environ["CA"])
user = os.environ["USER_NAME"]
def log_in():
    client = smtplib.SMTP_SSL("localhost", int(os.environ["PORT"]), context=context)
    client.login(user, os.environ["PASSWORD"])
    return client
def send(client, subject):
    client.sendmail(user, [user], "Subject: %s\\r\\n\\r\\nHello.\\r\\n" % subject)
idle = [log_in() for _ in range(3)]
send(idle[0], "Idle 0 at first")
begun = time.time()
fourth = log_in()
waited = time.time() - begun
send(fourth, "Fourth")
fourth.quit()
for number, client in enumerate(idle):
    print(client.noop()[0], client.rset()[0])
    send(client, "Idle %d again" % number)
    client.quit()
print("waited", 5 < waited < 18)`;

test("a fourth one takes the place of one that says nothing, whose next message takes another", async () => {
  const { smtps } = gateway().ports;
  const values = { PORT: `${smtps}`, CA: gateway().caFile, USER_NAME: ALICE, PASSWORD: password };
  const heard = await python(SCRIPT, values);
  expect(heard).toBe(["250 250", "250 250", "250 250", "waited True"].join("\n"));
  await expect.poll(() => db().mailboxPlace.count()).toBe(0);
  const { messages } = await db().device.findFirstOrThrow();
  expect(Number(messages)).toBe(5);
}, 90_000);
