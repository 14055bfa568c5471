import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

const SUPPORT = "support@contoso.test";
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let emailAccountId: string;
let password: string;

beforeAll(async () => {
  const names = { emailAddress: SUPPORT, username: ALICE };
  ({ emailAccountId } = await connectedAccount(ada, sandbox(), names));
  const device = { name: "Scanner", emailAccountId, protocols: ["smtp" as const] };
  ({ password } = await createDevice(ada, device));
});

test("the name that SMTP takes is tried first from then on", async () => {
  await db().emailAccount.update({ where: { id: emailAccountId }, data: { smtpUser: "mailbox" } });
  const plain = Buffer.from(`\0${SUPPORT}\0${password}`).toString("base64");
  const wire = await Wire.open(gateway().ports.smtp);
  await wire.until(/^220/);
  await wire.ask(`AUTH PLAIN ${plain}`, /^235/m);
  const smtpUser = async () =>
    (await db().emailAccount.findUniqueOrThrow({ where: { id: emailAccountId } })).smtpUser;
  await expect.poll(smtpUser, { timeout: 10_000 }).toBe("login");
  wire.socket.destroy();
});
