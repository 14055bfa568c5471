import { beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { administrator } from "@/lib/testing/actors";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";

/** Many devices behind one address, of which one is broken: it connects, again and again, and says nothing. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const PLACES = 50;
let password: string;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(administrator(), sandbox());
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  const device = { name: "Scanner", emailAccountId, protocols };
  ({ password } = await createDevice(administrator(), device));
});

const silentAt = (port: number) =>
  Promise.all(Array.from({ length: PLACES }, () => Wire.open(port)));
const areClosed = (wires: Wire[]) => wires.filter(({ isClosed }) => isClosed).length;

test.each(["pop3", "imaps"] as const)(
  "a device signs in at a port that the broken one has filled: %s",
  async (kind) => {
    const broken = await silentAt(gateway().ports[kind]);
    const device = await gateway().logIn(kind, password);
    await expect.poll(() => areClosed(broken)).toBe(1);
    for (const { socket } of [device, ...broken]) socket.destroy();
  },
);
