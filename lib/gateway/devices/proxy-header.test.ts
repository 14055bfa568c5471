import { describe, expect, test } from "vitest";
import { NoProxyHeader, readHeader } from "./proxy-header";

const SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const v2 = (command: number, family: number, body: number[]) =>
  Buffer.concat([SIGNATURE, Buffer.from([0x20 | command, family, 0, body.length, ...body])]);
const PORTS = [0x1f, 0x90, 0, 25];
const V4 = [192, 0, 2, 7, 10, 0, 0, 1, ...PORTS];
const MAPPED = [...Array(10).fill(0), 255, 255, 10, 9, 9, 1, ...Array(16).fill(0), ...PORTS];
const V6 = [0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 7, ...Array(16).fill(0), ...PORTS];

describe("the header of a proxy", () => {
  test.each([
    ["version 1", Buffer.from("PROXY TCP4 192.0.2.7 10.0.0.1 8080 25\r\n"), "192.0.2.7"],
    ["version 1 with IPv6", Buffer.from("PROXY TCP6 2001:db8::7 ::1 8080 25\r\n"), "2001:db8::7"],
    ["version 1 that knows no client", Buffer.from("PROXY UNKNOWN\r\n"), null],
    ["version 2", v2(1, 0x11, V4), "192.0.2.7"],
    ["version 2 with IPv6", v2(1, 0x21, V6), "2001:db8::7"],
    ["version 2 of a proxy for both families", v2(1, 0x21, MAPPED), "10.9.9.1"],
    ["version 2 with extensions", v2(1, 0x11, [...V4, 4, 0, 1, 0]), "192.0.2.7"],
    ["version 2 of the proxy itself", v2(0, 0, []), null],
  ])("of %s names the client, and ends where it ends", (_, header, address) => {
    const behind = Buffer.from("EHLO x\r\n");
    expect(readHeader(Buffer.concat([header, behind]))).toEqual({ length: header.length, address });
    for (let length = 0; length < header.length; length += 1)
      expect(readHeader(header.subarray(0, length))).toBeNull();
  });

  test.each([
    ["a command", Buffer.from("EHLO x\r\n")],
    ["TLS", Buffer.from([0x16, 3, 1])],
    ["no address", Buffer.from("PROXY TCP4 nobody 10.0.0.1 1 2\r\n")],
    ["too few fields", Buffer.from("PROXY TCP4 192.0.2.7\r\n")],
    ["no end", Buffer.from(`PROXY TCP4 ${"1".repeat(120)}`)],
    ["another version", Buffer.concat([SIGNATURE, Buffer.from([0x11, 0x11, 0, 12, ...V4])])],
    ["more than a header has", Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x11, 9, 0])])],
    ["a socket of Unix", v2(1, 0x31, V4)],
  ])("is not %s", (_, bytes) => {
    expect(() => readHeader(bytes)).toThrow(NoProxyHeader);
  });
});
