import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expect, test } from "vitest";
import { makeAuthority, makeServerCertificates } from "./make";

const authority = await makeAuthority();
const names = ["mail.contoso.com", "127.0.0.1"];
const made = await makeServerCertificates(authority, { names, now: new Date() });

test("the authority signs a certificate of P-256 and one of RSA, each for its own key", () => {
  const issuer = new X509Certificate(authority.certificate);
  const certificates = made.map(({ certificate }) => new X509Certificate(certificate));
  expect(certificates.map(({ publicKey }) => publicKey.asymmetricKeyType)).toEqual(["ec", "rsa"]);
  for (const [at, certificate] of certificates.entries()) {
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(made[at]?.privateKey ?? ""))).toBe(true);
    expect(certificate.subjectAltName).toBe("DNS:mail.contoso.com, IP Address:127.0.0.1");
  }
  expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(2);
});

test.each([
  ["ecdsa_secp256r1_sha256:rsa_pkcs1_sha256", "ec"],
  ["rsa_pss_rsae_sha256:rsa_pkcs1_sha256", "rsa"],
])("a device that knows %s trusts the one of %s", async (sigalgs, kind) => {
  const server = createServer({
    cert: made.map(({ certificate }) => certificate),
    key: made.map(({ privateKey }) => privateKey),
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  const device = connect({ port, host: "127.0.0.1", ca: authority.certificate, sigalgs });
  await once(device, "secureConnect");
  expect(device.authorized).toBe(true);
  const { raw } = device.getPeerCertificate();
  expect(new X509Certificate(raw).publicKey.asymmetricKeyType).toBe(kind);
  device.destroy();
  server.close();
});
