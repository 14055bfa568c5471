import { createHash, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  bitString,
  boolean,
  integer,
  nothing,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from "./der";

/** What a certificate shall say; without an issuer it signs itself. */
interface CertificateRequest {
  commonName: string;
  publicKey: KeyObject;
  issuer: { commonName: string; publicKey: KeyObject; privateKey: KeyObject };
  notBefore: Date;
  notAfter: Date;
  use: { kind: "ca" } | { kind: "server"; names: string[] } | { kind: "client" };
}

const SIGNATURE_ALGORITHM = {
  ec: sequence(oid("1.2.840.10045.4.3.2")),
  rsa: sequence(oid("1.2.840.113549.1.1.11"), nothing()),
};

/** Writes and signs an X.509 v3 certificate (RFC 5280) and returns it as PEM. */
export function issueCertificate(request: CertificateRequest): string {
  const { issuer } = request;
  const algorithm =
    issuer.privateKey.asymmetricKeyType === "rsa"
      ? SIGNATURE_ALGORITHM.rsa
      : SIGNATURE_ALGORITHM.ec;
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    algorithm,
    name(issuer.commonName),
    sequence(time(request.notBefore), time(request.notAfter)),
    name(request.commonName),
    request.publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions(request))),
  );
  const signature = sign("sha256", toBeSigned, issuer.privateKey);
  const der = sequence(toBeSigned, algorithm, bitString(signature));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function name(commonName: string): Buffer {
  return sequence(set(sequence(oid("2.5.4.3"), utf8String(commonName))));
}

function extensions(request: CertificateRequest): Buffer[] {
  const { use } = request;
  const isCa = use.kind === "ca";
  const shared = [
    // Strict verifiers (Python 3.13 among them) refuse a chain without the two key identifiers.
    extension("2.5.29.14", octetString(keyIdentifier(request.publicKey))),
    extension("2.5.29.35", sequence(tagged(0x80, keyIdentifier(request.issuer.publicKey)))),
    extension("2.5.29.19", isCa ? sequence(boolean(true)) : sequence(), true),
  ];
  if (isCa) return [...shared, extension("2.5.29.15", bitString(Buffer.from([0x06]), 1), true)];
  const digitalSignature = extension("2.5.29.15", bitString(Buffer.from([0x80]), 7), true);
  if (use.kind === "client") return [...shared, digitalSignature];
  return [
    ...shared,
    digitalSignature,
    extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"))),
    extension("2.5.29.17", sequence(...use.names.map(alternativeName))),
  ];
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return critical
    ? sequence(oid(id), boolean(true), octetString(value))
    : sequence(oid(id), octetString(value));
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();
}

function alternativeName(value: string): Buffer {
  const ipv4 = value.split(".").map(Number);
  if (ipv4.length === 4 && ipv4.every((part) => part >= 0 && part <= 255))
    return tagged(0x87, Buffer.from(ipv4));
  if (value === "::1") return tagged(0x87, Buffer.from([...new Array(15).fill(0), 1]));
  return tagged(0x82, Buffer.from(value, "ascii"));
}
