import { beforeEach, expect, test } from "vitest";
import { PEER_HEADER } from "@/lib/http/web/peer";
import { env } from "@/lib/kernel/env";
import { networkOf, readTrustedProxies } from "@/lib/kernel/networks";
import { singleton } from "@/lib/kernel/singleton";
import { withDatabase } from "@/lib/testing/database";
import { clientAddresses, networkAddress } from "./client-address";

withDatabase();

/** As nginx sends it with `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for`. */
const seen = (forwardedFor: string | null, peer = "127.0.0.1") => {
  const headers = new Headers({ [PEER_HEADER]: peer });
  if (forwardedFor !== null) headers.set("x-forwarded-for", forwardedFor);
  return networkAddress(headers);
};
const trust = (text: string) => {
  env().trustProxy = readTrustedProxies(text)?.trusted;
};

const NETWORKS = "127.0.0.1, 10.0.0.0/8, fd00::/8";
beforeEach(() => trust("0"));

test("what a client writes about its address counts for nothing", () => {
  expect(seen("6.6.6.6, 203.0.113.1")).toBeUndefined();
  expect(seen(null)).toBeUndefined();
});

test("a proxy that is not named is noticed, and told of until it is", () => {
  singleton("unnamed-proxy", () => ({ isSeen: false })).isSeen = false;
  seen(null);
  // What Next.js writes where nobody did.
  seen("127.0.0.1");
  expect(clientAddresses()).toBe("unknown");
  seen("203.0.113.1");
  expect(clientAddresses()).toBe("unnamed_proxy");
  trust("127.0.0.1");
  expect(clientAddresses()).toBe("known");
});

test.each<[string, string | null, string, string | undefined]>([
  // Behind a number of proxies: the address that the outermost of them saw, and nothing left of it.
  ["1", "6.6.6.6, 203.0.113.1", "127.0.0.1", "203.0.113.1"],
  ["1", "2001:db8::1", "127.0.0.1", "2001:db8::1"],
  ["2", "6.6.6.6, 203.0.113.1, 10.0.0.7", "127.0.0.1", "203.0.113.1"],
  ["2", "203.0.113.1", "127.0.0.1", undefined],
  ...[null, "", "6.6.6.6, <script>", "unknown", "203.0.113.1,"].map(
    (text) => ["1", text, "127.0.0.1", undefined] as [string, string | null, string, undefined],
  ),
  // Behind proxies in some networks: whoever comes by another way is believed nothing.
  [NETWORKS, "203.0.113.1", "127.0.0.1", "203.0.113.1"],
  [NETWORKS, "203.0.113.1", "::ffff:127.0.0.1", "203.0.113.1"],
  [NETWORKS, "6.6.6.6, 203.0.113.1, 10.1.2.3", "127.0.0.1", "203.0.113.1"],
  [NETWORKS, "6.6.6.6, 2001:db8::1, fd00::1", "10.0.0.9", "2001:db8::1"],
  [NETWORKS, "10.6.6.6, 10.1.2.3", "127.0.0.1", "10.6.6.6"],
  [NETWORKS, "203.0.113.1", "198.51.100.9", "198.51.100.9"],
  [NETWORKS, "203.0.113.1, nonsense", "127.0.0.1", undefined],
])(
  "trusting %s, the client of %j by way of %s is %s",
  (...[trusted, forwardedFor, peer, address]) => {
    trust(trusted);
    expect(seen(forwardedFor, peer)).toBe(address);
  },
);

test.each([
  ["203.0.113.1", "203.0.113.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("whoever has %s shares the limits of %s", (address, name) => {
  expect(networkOf(address)).toBe(name);
});
