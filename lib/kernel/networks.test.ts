import { expect, test } from "vitest";
import { plainAddress } from "./networks";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  [" ::ffff:192.0.2.7", "192.0.2.7"],
  ["::FFFF:c000:207", "192.0.2.7"],
  ["0000:0000:0000:0000:0000:ffff:0a09:0901", "10.9.9.1"],
  ["2001:db8::ffff:c000:207", "2001:db8::ffff:c000:207"],
  ["fe80::1%eth0", "fe80::1"],
  ["nobody", undefined],
  ["::ffff:1.2.3", undefined],
])("%s is the address %s", (written, address) => expect(plainAddress(written)).toBe(address));
