import { expect, test } from "vitest";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";

/** Many devices behind one address, which lose their gateway at once and come back at once. */
withInstallation();
const gateway = withDeviceGateway();
const DEVICES = 200;

test.each(["smtp", "imaps"] as const)("each of them is served: %s", async (kind) => {
  const { ports, ca } = gateway();
  const open = () => Wire.greeted(ports[kind], kind === "imaps" ? ca : undefined);
  const wires = await Promise.all(Array.from({ length: DEVICES }, open));
  expect(wires.filter(({ isClosed }) => isClosed)).toEqual([]);
  for (const { socket } of wires) socket.destroy();
});
