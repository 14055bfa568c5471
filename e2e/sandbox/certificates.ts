import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { join } from "node:path";
import forge from "node-forge";
import { readText, writeAtomically } from "./files";

export interface KeyedCertificate {
  certificatePem: string;
  privateKeyPem: string;
}

export interface SandboxCertificates {
  caPem: string;
  caFile: string;
  /** For localhost, 127.0.0.1 and ::1. */
  server: KeyedCertificate;
  /** Trusted, but for another host: what a client must refuse by name. */
  wrongName: KeyedCertificate;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RENEW_BEFORE_MS = 30 * DAY_MS;
const CA_NAME = "Postkey sandbox CA";
/** Apple's limit for a certificate that a client shall accept. */
const SERVER_DAYS = 397;

/** The CA and the server certificates, made once and kept in the state directory. */
export function loadCertificates(stateDir: string): SandboxCertificates {
  const ca = kept(stateDir, "ca", { make: () => issue(CA_NAME, { days: 3650, use: AUTHORITY }) });
  const issued = (...names: string[]) => ({
    make: () => issue(names[0] ?? "", { days: SERVER_DAYS, use: serverUse(names), issuer: ca }),
    issuer: ca,
  });
  return {
    caPem: ca.certificatePem,
    caFile: join(stateDir, "ca.pem"),
    server: kept(stateDir, "server", issued("localhost", "127.0.0.1", "::1")),
    wrongName: kept(stateDir, "wrong-name", issued("mail.wrong-name.test")),
  };
}

/** A self-signed RSA certificate with which an app registration can sign its client assertions. */
export function loadClientCertificate(stateDir: string): KeyedCertificate {
  const make = () => issue("Postkey sandbox client assertion", { days: 730, use: SIGNATURE });
  return kept(stateDir, "client-assertion", { make });
}

function kept(
  stateDir: string,
  name: string,
  source: { make: () => KeyedCertificate; issuer?: KeyedCertificate },
): KeyedCertificate {
  const certificateFile = join(stateDir, `${name}.pem`);
  const keyFile = join(stateDir, `${name}.key`);
  const found = { certificatePem: readText(certificateFile), privateKeyPem: readText(keyFile) };
  if (isUsable(found, source.issuer)) return found;
  const made = source.make();
  writeAtomically(keyFile, made.privateKeyPem);
  writeAtomically(certificateFile, made.certificatePem, 0o644);
  return made;
}

function isUsable(found: KeyedCertificate, issuer: KeyedCertificate | undefined): boolean {
  try {
    const certificate = new X509Certificate(found.certificatePem);
    const issuerKey = issuer ? new X509Certificate(issuer.certificatePem) : certificate;
    return (
      Date.parse(certificate.validTo) > Date.now() + RENEW_BEFORE_MS &&
      certificate.checkPrivateKey(createPrivateKey(found.privateKeyPem)) &&
      certificate.verify(issuerKey.publicKey)
    );
  } catch {
    // Missing, cut off or of another kind: making it again is the remedy for all of them.
    return false;
  }
}

interface Certificate {
  days: number;
  use: object[];
  /** Without one it signs itself. */
  issuer?: KeyedCertificate;
}

const AUTHORITY = [
  { name: "basicConstraints", cA: true, critical: true },
  { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
];
const SIGNATURE = [
  { name: "basicConstraints", cA: false, critical: true },
  { name: "keyUsage", digitalSignature: true, critical: true },
];

function serverUse(names: string[]): object[] {
  const altNames = names.map((name) =>
    isIP(name) ? { type: 7, ip: name } : { type: 2, value: name },
  );
  return [
    ...SIGNATURE,
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames },
  ];
}

/** An X.509 v3 certificate (RFC 5280) with a new key. */
function issue(name: string, { days, use, issuer }: Certificate): KeyedCertificate {
  const key = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(key.publicKey);
  certificate.serialNumber = `40${randomBytes(15).toString("hex")}`;
  // An hour back, for clients whose clock is a little behind.
  certificate.validity.notBefore = new Date(Date.now() - HOUR_MS);
  certificate.validity.notAfter = new Date(Date.now() + days * DAY_MS);
  certificate.setSubject([{ name: "commonName", value: name }]);
  const authority = issuer ? forge.pki.certificateFromPem(issuer.certificatePem) : certificate;
  certificate.setIssuer(authority.subject.attributes);
  // Strict verifiers (Python 3.13 among them) refuse a chain without the two key identifiers.
  const keyIdentifier = authority.generateSubjectKeyIdentifier().getBytes();
  certificate.setExtensions([
    ...use,
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier },
  ]);
  const signingKey = forge.pki.privateKeyFromPem(issuer?.privateKeyPem ?? key.privateKey);
  certificate.sign(signingKey, forge.md.sha256.create());
  return { certificatePem: forge.pki.certificateToPem(certificate), privateKeyPem: key.privateKey };
}
