import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { administrator } from "@/lib/testing/actors";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** What EHLO does not offer is refused, in front of a server that may have it. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
let wire: Wire;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(administrator(), sandbox());
  const device = { name: "Scanner", emailAccountId, protocols: ["smtp" as const] };
  const { password } = await createDevice(administrator(), device);
  wire = await Wire.open(gateway().ports.smtp);
  await wire.until(/^220/);
  const plain = Buffer.from(`\0${ALICE}\0${password}`).toString("base64");
  await wire.ask(`AUTH PLAIN ${plain}`, /^235/m);
});

test("EHLO behind the login offers what the gateway promised before it", async () => {
  const offered = await wire.ask("EHLO scanner", /^250 /m);
  expect(offered).toContain("8BITMIME");
  for (const name of ["CHUNKING", "BINARYMIME", "SMTPUTF8", "DSN"])
    expect(offered).not.toContain(name);
});

const MAIL = `MAIL FROM:<${ALICE}>`;

test.each([
  [`${MAIL} BODY=BINARYMIME`, /^555 5\.5\.4 /],
  [`${MAIL} SIZE=9 body=binarymime`, /^555 5\.5\.4 /],
  [`${MAIL} SMTPUTF8`, /^555 5\.5\.4 /],
  [`${MAIL} REQUIRETLS`, /^555 5\.5\.4 /],
  [`${MAIL} HOLDFOR=3600`, /^555 5\.5\.4 /],
  [`${MAIL} BODY=16BIT`, /^501 5\.5\.4 /],
  [`${MAIL} BODY`, /^501 5\.5\.4 /],
  ["BDAT 9 LAST", /^502 5\.5\.1 /],
])("%s", async (command, reply) => {
  expect(await wire.ask(command, /\r\n/)).toMatch(reply);
});

test("what is offered goes on, and a wish for notices is left out", async () => {
  expect(await wire.ask(`${MAIL} BODY=8BITMIME SIZE=9 RET=HDRS`, /\r\n/)).toMatch(/^250 /);
  expect(await wire.ask("RSET", /\r\n/)).toMatch(/^250 /);
});
