import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type SecureVersion } from "node:tls";
import { describe, expect, test } from "vitest";
import { openAuthority } from "@/lib/devices/authority/store";
import { type Listener, readListeners } from "@/lib/kernel/listeners";
import { listenerOf, Wire } from "@/lib/testing/device-gateway";
import { folderOfFile } from "@/lib/testing/folder";
import { withInstallation } from "@/lib/testing/sandbox";
import { Guessing } from "./guessing";
import { startDeviceListeners } from "./listeners";

withInstallation();
const directory = folderOfFile();

describe("the configuration", () => {
  test("names protocol, TLS, address, port and networks without TLS", () => {
    const two = "imaps://0.0.0.0:993, smtp://[::1]:587?plaintext=10.1.0.0/16&plaintext=::1";
    expect(readListeners(two)).toMatchObject([
      { protocol: "imap", tls: "implicit", host: "0.0.0.0", port: 993, plaintext: [] },
      { protocol: "smtp", tls: "starttls", host: "::1", plaintext: ["10.1.0.0/16", "::1"] },
    ]);
    expect(readListeners("")).toEqual([]);
    const networks = { from: ["10.0.0.0/8"], proxy: ["10.0.0.1"], oldTls: ["10.9.0.0/16"] };
    const told = "smtps://0.0.0.0:465?from=10.0.0.0/8&proxy=10.0.0.1&oldTls=10.9.0.0/16";
    expect(readListeners(told)).toMatchObject([networks]);
  });

  test.each([
    ...["imaps://0.0.0.0", "http://0.0.0.0:80", "imaps://0.0.0.0:0", "imaps://a@0.0.0.0:993"],
    ...["imaps://0.0.0.0:993/path", "imaps://0.0.0.0:993?plaintext=10.0.0.0/8"],
    ...["smtp://0.0.0.0:587?plaintext=everybody", "smtp://0.0.0.0:587?other=1"],
  ])("is refused: %s", (text) => {
    expect(readListeners(text)).toBeNull();
  });
});

const outside = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

describe.skipIf(!outside)("a connection that is not from this machine", () => {
  const greetingAt = async (plaintext: string[]) => {
    const listener = { ...listenerOf("smtp"), host: "0.0.0.0", plaintext };
    const { ports, stop } = await startDeviceListeners([listener]);
    const socket = connect({ port: ports[0] ?? 0, host: outside ?? "" });
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString();
    });
    socket.write("EHLO x\r\nAUTH PLAIN AAAA\r\nQUIT\r\n");
    await once(socket, "close");
    await stop();
    return heard;
  };

  test("may send no password without TLS", async () => {
    const heard = await greetingAt([]);
    expect(heard).toContain("STARTTLS");
    expect(heard).not.toContain("250-AUTH");
    expect(heard).toContain("538 5.7.11");
  });

  test("may do so from a network that the listener names", async () => {
    expect(await greetingAt([`${outside}/32`])).toContain("AUTH PLAIN LOGIN");
  });
});

test("the local authority's certificates satisfy a strict verifier, and TLS 1.1 is refused", async () => {
  const { ports, stop } = await startDeviceListeners([listenerOf("imaps")]);
  const { certificate: ca } = await openAuthority();
  const caFile = join(directory, "authority.pem");
  writeFileSync(caFile, ca);
  const openssl = await new Promise<string>((done) => {
    const child = execFile(
      "openssl",
      [
        ...["s_client", "-connect", `127.0.0.1:${ports[0]}`, "-verify_hostname", "localhost"],
        ...["-x509_strict", "-verify_return_error", "-CAfile", caFile],
      ],
      { timeout: 20_000 },
      (_error, output) => done(output),
    );
    child.stdin?.end("a LOGOUT\r\n");
  });
  expect(openssl).toContain("Verify return code: 0 (ok)");
  await expect(speaking("TLSv1.1", ports[0])).rejects.toThrow();
  await stop();
});

/** @returns the version of TLS that is spoken then */
async function speaking(version: SecureVersion, port: number | undefined) {
  const { certificate: ca } = await openAuthority();
  const at = { port, host: "127.0.0.1", servername: "localhost", ca };
  const versions = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
  const secure = connectTls({ ...at, ...versions });
  await once(secure, "secureConnect");
  const spoken = secure.getProtocol();
  secure.destroy();
  return spoken;
}

/** What a listener says to these bytes until it closes, or until it has said enough. */
async function hears(changes: Partial<Listener>, bytes: string): Promise<string> {
  const { ports, stop } = await startDeviceListeners([{ ...listenerOf("smtp"), ...changes }]);
  const wire = await Wire.open(ports[0] ?? 0);
  wire.write(bytes);
  const heard = await wire.closed();
  await stop();
  return heard;
}

test("a listener that serves some networks tells others that it is not there for them", async () => {
  const from = ["10.0.0.0/8"];
  expect(await hears({ from }, "")).toMatch(/^554 5\.7\.1 /);
  expect(await hears({ from, protocol: "imap" }, "")).toMatch(/^\* BYE /);
  expect(await hears({ from, protocol: "pop3" }, "")).toMatch(/^-ERR \[SYS\/PERM\] /);
  expect(await hears({ oldTls: from }, "")).toMatch(/^554 5\.7\.1 /);
  expect(await hears({ from: ["127.0.0.0/8"] }, "QUIT\r\n")).toMatch(/^220 .*\r\n221 /);
});

describe("a listener behind a proxy", () => {
  const proxy = ["127.0.0.1"];
  const header = "PROXY TCP4 192.0.2.7 10.0.0.1 8080 25\r\n";
  const session = "EHLO x\r\nQUIT\r\n";

  test("knows the client by the header, and its networks apply to it", async () => {
    const heard = await hears({ proxy }, `${header}${session}`);
    expect(heard).toMatch(/^220 /);
    // The proxy is on this machine; the client is not.
    expect(heard).not.toContain("AUTH PLAIN");
    expect(await hears({ proxy, plaintext: ["192.0.2.0/24"] }, `${header}${session}`)).toContain(
      "AUTH PLAIN",
    );
    expect(await hears({ proxy, from: ["127.0.0.0/8"] }, header)).toMatch(/^554 /);
    // One that the proxy does not name may be anyone.
    const unnamed = await hears({ proxy }, `PROXY UNKNOWN\r\n${session}`);
    expect(unnamed).toMatch(/^220 /);
    expect(unnamed).not.toContain("AUTH PLAIN");
  });

  test("closes without a word what has no header, or is not from the proxy", async () => {
    expect(await hears({ proxy }, session)).toBe("");
    expect(await hears({ proxy: ["192.0.2.1"] }, `${header}${session}`)).toBe("");
  });

  test("takes it off before TLS", async () => {
    const { ports, stop } = await startDeviceListeners([{ ...listenerOf("smtps"), proxy }]);
    const plain = connect({ port: ports[0] ?? 0, host: "127.0.0.1" });
    await once(plain, "connect");
    plain.write(header);
    const { certificate: ca } = await openAuthority();
    const secure = connectTls({ socket: plain, servername: "localhost", ca });
    const [greeting] = await once(secure, "data");
    expect(String(greeting)).toMatch(/^220 /);
    secure.destroy();
    await stop();
  });
});

test("TLS 1.0 and 1.1 are spoken by a listener that was opened to them, and newer ones as well", async () => {
  const listener = { ...listenerOf("smtps"), oldTls: ["127.0.0.0/8"] };
  const { ports, stop } = await startDeviceListeners([listener]);
  for (const version of ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const)
    expect(await speaking(version, ports[0])).toBe(version);
  await stop();
});

describe("wrong passwords", () => {
  const fail = (guessing: Guessing, times: number, address = "2001:db8::1") =>
    Array.from({ length: times }, () => guessing.failed(address)).at(-1);

  test("of one network make their answers slow, and no other's", () => {
    const guessing = new Guessing();
    expect(fail(guessing, 20)).toEqual({ waitMs: 0, isNews: false });
    expect(fail(guessing, 1, "2001:db8::2")).toEqual({ waitMs: 2_000, isNews: true });
    expect(fail(guessing, 1)).toEqual({ waitMs: 4_000, isNews: false });
    expect(fail(guessing, 20)).toEqual({ waitMs: 15_000, isNews: false });
    expect(fail(guessing, 1, "192.0.2.1")?.waitMs).toBe(0);
    expect(guessing.isShut("2001:db8::1")).toBe(false);
  });

  test("close a network after three hundred in a minute, and no other", () => {
    const guessing = new Guessing();
    fail(guessing, 299);
    expect(guessing.isShut("2001:db8::1")).toBe(false);
    expect(fail(guessing, 1, "2001:db8::2")?.isNews).toBe(true);
    expect(guessing.isShut("2001:db8::3")).toBe(true);
    expect(guessing.isShut("2001:db8:0:1::1")).toBe(false);
    expect(guessing.isShut("192.0.2.1")).toBe(false);
  });

  test("keep none out that was right from there before", () => {
    const guessing = new Guessing();
    guessing.right("192.0.2.1", "abc123");
    fail(guessing, 300, "192.0.2.1");
    expect(guessing.isShut("192.0.2.1")).toBe(false);
    expect(guessing.mayTry("192.0.2.1", "abc123")).toBe(true);
    expect(guessing.mayTry("192.0.2.1", "zzz999")).toBe(false);
    expect(guessing.mayTry("192.0.2.1", null)).toBe(false);
    expect(guessing.mayTry("192.0.2.2", "zzz999")).toBe(true);
  });
});
