import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCertificates, loadClientCertificate } from "./certificates";
import { startTestSandbox, type TestSandbox } from "./testing";

const stateDir = mkdtempSync(join(tmpdir(), "postkey-certificates-"));

afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

describe("certificates in the state directory", () => {
  test("are made once and used again", () => {
    const first = loadCertificates(stateDir);
    expect(loadCertificates(stateDir)).toEqual(first);
  });

  test("keep their keys to their owner", () => {
    loadClientCertificate(stateDir);
    for (const name of ["ca.key", "server.key", "client-assertion.key"])
      expect(statSync(join(stateDir, name)).mode & 0o777).toBe(0o600);
  });

  test("are made again where the file is damaged, by the same CA", () => {
    const before = loadCertificates(stateDir);
    writeFileSync(join(stateDir, "server.pem"), before.server.certificatePem.slice(0, 200));
    const after = loadCertificates(stateDir);
    expect(after.caPem).toBe(before.caPem);
    expect(after.server.certificatePem).not.toBe(before.server.certificatePem);
    const ca = new X509Certificate(after.caPem);
    expect(new X509Certificate(after.server.certificatePem).verify(ca.publicKey)).toBe(true);
    expect(readFileSync(after.caFile, "utf8")).toBe(after.caPem);
  });
});

describe("a TLS client that knows the CA", () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.dispose());

  test.each([{ host: "localhost" }, { host: "127.0.0.1" }])(
    "accepts the certificate for $host",
    async ({ host }) => {
      expect(await handshake(sandbox.ports.https, { host, ca: sandbox.caPem })).toBe("authorized");
    },
  );

  test("refuses it without the CA", async () => {
    expect(await handshake(sandbox.ports.https, { host: "localhost" })).toMatch(/^UNABLE_TO_/);
  });

  test("refuses the certificate for another name", async () => {
    sandbox.faults.set("certificate_wrong_name", { at: "imap" });
    const options = { host: "localhost", ca: sandbox.caPem };
    expect(await handshake(sandbox.ports.imap, options)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await handshake(sandbox.ports.pop3, options)).toBe("authorized");
    sandbox.faults.clearAll();
  });
});

function handshake(port: number, options: { host: string; ca?: string }): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, ...options }, () => {
      socket.destroy();
      resolve("authorized");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
