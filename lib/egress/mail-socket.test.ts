import { once } from "node:events";
import net from "node:net";
import { describe, expect, test } from "vitest";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { EVERYWHERE, PUBLIC_ONLY } from "@/lib/testing/egress";
import { resolveMailHost } from "./mail-socket";
import { isPublicAddress } from "./policy";

describe("an address", () => {
  test.each([
    ...["127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254"],
    ...["172.31.255.255", "192.0.2.1", "192.168.0.1", "198.19.0.1", "224.0.0.1", "255.255.255.255"],
    ...["::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1"],
    ...["2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd12::1", "fe80::1", "ff02::1"],
    ...["::ffff:0:127.0.0.1", "4000::1", "100:0:0:1::1", "", "localhost", "0x7f.1"],
  ])("%j is not public", (address) => expect(isPublicAddress(address)).toBe(false));

  test.each([
    ...["8.8.8.8", "52.97.146.162", "172.32.0.1", "100.128.0.1"],
    ...["2603:1026:c0a::2", "2a00:1450:4001::1"],
  ])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));
});

describe("a host", () => {
  test.each(["127.0.0.1", "0x7f.1", "2130706433", "localhost", "::1"])(
    "%s is refused unless it is a preset",
    async (host) => {
      const endpoint = { host, port: 993, tls: "implicit" } as const;
      const refused = resolveMailHost(endpoint, PUBLIC_ONLY);
      await expect(refused).rejects.toMatchObject({ code: "PRIVATE_ADDRESS" });
      const { addresses } = await resolveMailHost(endpoint, EVERYWHERE);
      expect(addresses.every((address) => net.isIP(address) !== 0)).toBe(true);
    },
  );

  test("is asked for on mail ports only, unless it is a preset", async () => {
    const endpoint = { host: "8.8.8.8", port: 5432, tls: "implicit" } as const;
    const refused = resolveMailHost(endpoint, PUBLIC_ONLY);
    await expect(refused).rejects.toMatchObject({ code: "PORT_REFUSED" });
    const { addresses } = await resolveMailHost({ ...endpoint, port: 993 }, PUBLIC_ONLY);
    expect(addresses).toEqual(["8.8.8.8"]);
  });
});

test("of several addresses the first that answers is connected to", async () => {
  const { port, close } = await listenOnLoopback(net.createServer);
  const host = await resolveMailHost({ host: "127.0.0.1", port, tls: "implicit" }, EVERYWHERE);
  const socket = Object.assign(host, { addresses: ["127.0.0.2", "127.0.0.1"] }).dial();
  await once(socket, "connect");
  expect(socket.remoteAddress).toBe("127.0.0.1");
  socket.destroy();
  await close();
});
