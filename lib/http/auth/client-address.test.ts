import { beforeEach, describe, expect, test } from "vitest";
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

describe("behind a number of proxies", () => {
  test("the address that the outermost of them saw counts, and nothing left of it", () => {
    trust("1");
    expect(seen("6.6.6.6, 203.0.113.1")).toBe("203.0.113.1");
    expect(seen("2001:db8::1")).toBe("2001:db8::1");
    trust("2");
    expect(seen("6.6.6.6, 203.0.113.1, 10.0.0.7")).toBe("203.0.113.1");
  });

  test("an address is one, whatever they let through", () => {
    trust("1");
    for (const text of [null, "", "6.6.6.6, <script>", "unknown", "203.0.113.1,"])
      expect(seen(text), `${text}`).toBeUndefined();
    trust("2");
    expect(seen("203.0.113.1")).toBeUndefined();
  });
});

describe("behind proxies in some networks", () => {
  beforeEach(() => trust("127.0.0.1, 10.0.0.0/8, fd00::/8"));

  test.each([
    ["203.0.113.1", "127.0.0.1", "203.0.113.1"],
    ["203.0.113.1", "::ffff:127.0.0.1", "203.0.113.1"],
    ["6.6.6.6, 203.0.113.1, 10.1.2.3", "127.0.0.1", "203.0.113.1"],
    ["6.6.6.6, 2001:db8::1, fd00::1", "10.0.0.9", "2001:db8::1"],
    ["10.6.6.6, 10.1.2.3", "127.0.0.1", "10.6.6.6"],
  ])("%s by way of %s is %s", (forwardedFor, peer, address) => {
    expect(seen(forwardedFor, peer)).toBe(address);
  });

  test("whoever comes by another way is believed nothing", () => {
    expect(seen("203.0.113.1", "198.51.100.9")).toBe("198.51.100.9");
    expect(seen("203.0.113.1, nonsense", "127.0.0.1")).toBeUndefined();
  });
});

test.each([
  ["203.0.113.1", "203.0.113.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("whoever has %s shares the limits of %s", (address, name) => {
  expect(networkOf(address)).toBe(name);
});
