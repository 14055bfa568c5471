import { generateKeyPair, randomBytes, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";
import { addMonths, fromNow, HOUR_MS, wallTime } from "@/lib/kernel/clock";

export type KeyedCertificate = { certificate: string; privateKey: string; expiresAt: Date };

type Wanted = { commonName: string; bits: 2048 | 3072; months: number };

/** Self-signed (RFC 5280), for client assertions. */
export async function generateCertificate(wanted: Wanted): Promise<KeyedCertificate> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: wanted.bits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = serialNumber();
  // For servers whose clock is a little behind.
  certificate.validity.notBefore = fromNow(-HOUR_MS);
  certificate.validity.notAfter = monthsAhead(wanted.months);
  const name = [commonName(wanted.commonName)];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  const expiresAt = certificate.validity.notAfter;
  return { certificate: forge.pki.certificateToPem(certificate), privateKey, expiresAt };
}

/** RFC 5280 appendix A */
const MAX_NAME_LENGTH = 64;

function commonName(text: string): forge.pki.CertificateField {
  const value = [...text].slice(0, MAX_NAME_LENGTH).join("");
  return { name: "commonName", value, valueTagClass: forge.asn1.Type.UTF8 as never }; // mistyped as a class
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function monthsAhead(months: number): Date {
  const day = addMonths(wallTime(), months);
  day.setUTCMilliseconds(0);
  return day;
}

export function thumbprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint.replaceAll(":", "");
}
