import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
} from "node:crypto";
import { join } from "node:path";
import { readText, writeAtomically } from "./files";
import { issueCertificate } from "./x509";

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

interface Authority extends KeyedCertificate {
  commonName: string;
}

const DAY_MS = 86_400_000;
const RENEW_BEFORE_MS = 30 * DAY_MS;
const CA_NAME = "Postkey sandbox CA";
/** Apple's limit for a certificate that a client shall accept. */
const SERVER_DAYS = 397;

/** The CA and the server certificates, made once and kept in the state directory. */
export function loadCertificates(stateDir: string): SandboxCertificates {
  const ca: Authority = { commonName: CA_NAME, ...kept(stateDir, "ca", { make: makeAuthority }) };
  const issued = (names: string[]) => ({ make: () => makeServer(ca, names), issuer: ca });
  return {
    caPem: ca.certificatePem,
    caFile: join(stateDir, "ca.pem"),
    server: kept(stateDir, "server", issued(["localhost", "127.0.0.1", "::1"])),
    wrongName: kept(stateDir, "wrong-name", issued(["mail.wrong-name.test"])),
  };
}

/** A self-signed RSA certificate with which an app registration can sign its client assertions. */
export function loadClientCertificate(stateDir: string): KeyedCertificate {
  return kept(stateDir, "client-assertion", { make: makeClientCertificate });
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

function makeAuthority(): KeyedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificatePem = issueCertificate({
    commonName: CA_NAME,
    publicKey,
    issuer: { commonName: CA_NAME, publicKey, privateKey },
    ...validity(3650),
    use: { kind: "ca" },
  });
  return { certificatePem, privateKeyPem: pkcs8(privateKey) };
}

function makeServer(ca: Authority, names: string[]): KeyedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const caKey = createPrivateKey(ca.privateKeyPem);
  const certificatePem = issueCertificate({
    commonName: names[0] ?? "localhost",
    publicKey,
    issuer: { commonName: ca.commonName, publicKey: createPublicKey(caKey), privateKey: caKey },
    ...validity(SERVER_DAYS),
    use: { kind: "server", names },
  });
  return { certificatePem, privateKeyPem: pkcs8(privateKey) };
}

function makeClientCertificate(): KeyedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const commonName = "Postkey sandbox client assertion";
  const certificatePem = issueCertificate({
    commonName,
    publicKey,
    issuer: { commonName, publicKey, privateKey },
    ...validity(730),
    use: { kind: "client" },
  });
  return { certificatePem, privateKeyPem: pkcs8(privateKey) };
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  // An hour back, for clients whose clock is a little behind.
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + days * DAY_MS) };
}

function pkcs8(key: ReturnType<typeof createPrivateKey>): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
