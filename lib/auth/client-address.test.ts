import { beforeEach, expect, test } from "vitest";
import { env } from "@/lib/env";
import { withDatabase } from "@/lib/testing/database";
import { clientAddress, networkAddress } from "./client-address";

withDatabase();
const forwarded = { "x-forwarded-for": "6.6.6.6, 203.0.113.1" };

beforeEach(() => {
  env().trustProxy = false;
});

test("what a client writes about its address counts for nothing", () => {
  expect(clientAddress(forwarded)).toBe("direct");
  expect(clientAddress({})).toBe("direct");
  expect(clientAddress(undefined)).toBe("direct");
});

test("behind a proxy that the operator vouches for, the address that the proxy saw counts", () => {
  env().trustProxy = true;
  expect(clientAddress(forwarded)).toBe("203.0.113.1");
  expect(clientAddress({})).toBe("direct");
  expect(clientAddress({ "x-forwarded-for": "" })).toBe("direct");
  expect(clientAddress({ "x-forwarded-for": ["a"] })).toBe("direct");
  expect(clientAddress({ "x-forwarded-for": "2001:db8::1" })).toBe("2001:db8::1");
});

test("an address is one, whatever the proxy lets through", () => {
  env().trustProxy = true;
  expect(networkAddress("6.6.6.6, <script>")).toBeUndefined();
  expect(networkAddress(null)).toBeUndefined();
});
