import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";
import { DAY_MS, fromNow, HOUR_MS } from "@/lib/kernel/clock";
import { plainAddress } from "@/lib/kernel/networks";

/** PEM both. */
export type Authority = { certificate: string; privateKey: string };

const AUTHORITY_DAYS = 3_650;
/** The longest that clients accept of a server's certificate; each start of a gateway makes another one. */
const SERVER_DAYS = 397;
const AUTHORITY_NAME = "Postkey local authority";

/** An authority of the installation's own. RSA, which old devices know as well. */
export async function makeAuthority(): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = newCertificate(keys.publicKey, AUTHORITY_DAYS);
  const name = [
    { name: "commonName", value: `${AUTHORITY_NAME} ${randomBytes(3).toString("hex")}` },
  ];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  return signed(certificate, keys.privateKey, keys.privateKey);
}

/** A certificate for the names and addresses that devices connect to. */
export async function makeServerCertificate(
  authority: Authority,
  names: readonly string[],
): Promise<Authority> {
  const keys = await makeKeys();
  const issuer = forge.pki.certificateFromPem(authority.certificate);
  const certificate = newCertificate(keys.publicKey, SERVER_DAYS);
  certificate.setSubject([{ name: "commonName", value: (names[0] ?? "localhost").slice(0, 64) }]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectKeyIdentifier" },
    // Strict verifiers (Python 3.13 among them) refuse a chain without it.
    {
      name: "authorityKeyIdentifier",
      keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes(),
    },
    { name: "subjectAltName", altNames: names.map(alternativeName) },
  ]);
  return signed(certificate, authority.privateKey, keys.privateKey);
}

/** RFC 5280 §4.2.1.6: 2 is a DNS name, 7 an address. */
function alternativeName(name: string) {
  return plainAddress(name) === undefined ? { type: 2, value: name } : { type: 7, ip: name };
}

function makeKeys() {
  return promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

function newCertificate(publicKey: string, days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  const serial = randomBytes(16);
  // Positive and at most 20 octets (RFC 5280 §4.1.2.2).
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  certificate.serialNumber = serial.toString("hex");
  // An hour back, for devices whose clock is a little behind.
  certificate.validity.notBefore = fromNow(-HOUR_MS);
  certificate.validity.notAfter = fromNow(days * DAY_MS);
  return certificate;
}

function signed(
  certificate: forge.pki.Certificate,
  issuerKey: string,
  privateKey: string,
): Authority {
  certificate.sign(forge.pki.privateKeyFromPem(issuerKey), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), privateKey };
}
