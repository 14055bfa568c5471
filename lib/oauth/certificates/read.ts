import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import forge from "node-forge";
import { wallTime } from "@/lib/kernel/clock";
import type { KeyedCertificate } from "./generate";

const MIN_RSA_BITS = 2_048;

/** PEM with PKCS#8, or PKCS#12; picks the certificate of the key. @throws CertificateProblem */
export function readCertificate(file: Buffer, password: string): KeyedCertificate {
  const isPem = file.includes("-----BEGIN ");
  const { certificates, key } = isPem ? readPem(file, password) : readPfx(file, password);
  requireRsa(key);
  const certificate = certificates.find((candidate) => candidate.checkPrivateKey(key));
  if (!certificate)
    throw new CertificateProblem("file", "The private key does not belong to the certificate.");
  requireValidNow(certificate);
  return {
    certificate: certificate.toString(),
    privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
    expiresAt: new Date(certificate.validTo),
  };
}

type Contents = { certificates: X509Certificate[]; key: KeyObject };

function readPem(file: Buffer, password: string): Contents {
  const blocks = pemBlocks(file.toString("latin1"));
  const certificates = blocks
    .filter(({ label }) => label === "CERTIFICATE")
    .map(({ text }) => parseCertificate(text));
  const key = blocks.find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (certificates.length === 0) throw withoutCertificate();
  if (!key) throw withoutKey();
  return { certificates, key: openPemKey(key, password) };
}

type PemBlock = { label: string; text: string };

const PEM_BOUNDARY = /-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----/g;

/** They do not nest (RFC 7468 §2). */
function pemBlocks(file: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let open = { label: "", start: 0 };
  for (const { 0: text, 1: side, 2: label = "", index } of file.matchAll(PEM_BOUNDARY)) {
    if (side === "BEGIN") open = { label, start: index };
    else if (label === open.label) {
      blocks.push({ label, text: file.slice(open.start, index + text.length) });
      open = { label: "", start: 0 };
    }
  }
  return blocks;
}

function openPemKey({ label, text }: PemBlock, password: string): KeyObject {
  const isEncrypted = label.startsWith("ENCRYPTED") || text.includes("Proc-Type: 4,ENCRYPTED");
  if (isEncrypted && password === "")
    throw new CertificateProblem("password", "The private key is encrypted: enter its password.");
  if (label.startsWith("ENCRYPTED")) refuseCostlyPassword(derOf(text));
  const passphrase = isEncrypted ? { passphrase: password } : {};
  const problem = isEncrypted ? wrongPassword : unreadable;
  return attempt(() => createPrivateKey({ key: text, ...passphrase }), problem);
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
}

function readPfx(file: Buffer, password: string): Contents {
  refuseCostlyPassword(file);
  const asn1 = decode(file);
  // The check value covers both a wrong password and a damaged file.
  const pfx = attempt(() => forge.pkcs12.pkcs12FromAsn1(asn1, password), wrongPassword);
  const bags = (type: string | undefined) => pfx.getBags({ bagType: type ?? "" })[type ?? ""] ?? [];
  const { certBag, keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids;
  const certificates = bags(certBag).map(certificateOfBag);
  const [key] = [...bags(pkcs8ShroudedKeyBag), ...bags(keyBag)];
  if (certificates.length === 0) throw withoutCertificate();
  if (!key) throw withoutKey();
  return { certificates, key: keyOfBag(key) };
}

function decode(file: Buffer): forge.asn1.Asn1 {
  const asn1 = decodeDer(file.toString("latin1"));
  // RFC 7292 §4: SEQUENCE { version INTEGER (3), authSafe SEQUENCE, … }
  const [version, authSafe] = Array.isArray(asn1?.value) ? asn1.value : [];
  if (asn1 && version?.value === "\x03" && authSafe) return asn1;
  attempt(() => new X509Certificate(file), unreadable);
  throw withoutKey();
}

function certificateOfBag({ cert, asn1 }: forge.pkcs12.Bag): X509Certificate {
  return parseCertificate(toDer(cert ? forge.pki.certificateToAsn1(cert) : asn1));
}

function keyOfBag({ key, asn1 }: forge.pkcs12.Bag): KeyObject {
  const info = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1;
  const read = () => createPrivateKey({ key: toDer(info), format: "der", type: "pkcs8" });
  return attempt(read, unreadable);
}

function toDer(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), "latin1");
}

function parseCertificate(encoded: string | Buffer): X509Certificate {
  return attempt(
    () => new X509Certificate(encoded),
    () => new CertificateProblem("file", "The certificate in this file cannot be read."),
  );
}

/** Errors may quote what could not be read, so they are dropped. */
function attempt<T>(work: () => T, problem: () => CertificateProblem): T {
  const done = quietly(work);
  if (done !== undefined) return done;
  throw problem();
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function requireRsa(key: KeyObject): void {
  if (key.asymmetricKeyType !== "rsa")
    throw new CertificateProblem(
      "file",
      "Microsoft takes RSA certificates only; this one has a key of another kind (such as elliptic curve).",
    );
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_RSA_BITS)
    throw new CertificateProblem(
      "file",
      `The key has ${bits} bits; Microsoft takes ${MIN_RSA_BITS} or more.`,
    );
}

function requireValidNow({ validFrom, validTo }: X509Certificate): void {
  const now = wallTime().getTime();
  if (Date.parse(validTo) <= now)
    throw new CertificateProblem("file", `The certificate expired on ${dayOf(validTo)}.`);
  if (Date.parse(validFrom) > now)
    throw new CertificateProblem(
      "file",
      `The certificate is not valid before ${dayOf(validFrom)}.`,
    );
}

function dayOf(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}

function withoutCertificate(): CertificateProblem {
  return new CertificateProblem("file", "There is no certificate in this file.");
}

function withoutKey(): CertificateProblem {
  return new CertificateProblem(
    "file",
    "This file has the certificate but no private key. Choose the file that has both: .pfx, .p12, or a .pem with the key in it.",
  );
}

function wrongPassword(): CertificateProblem {
  return new CertificateProblem(
    "password",
    "The password does not open this file, or the file is damaged.",
  );
}

function unreadable(): CertificateProblem {
  return new CertificateProblem("file", "This is neither a PEM file nor a PFX (PKCS#12) file.");
}

/** Windows writes 2,000, OpenSSL 2,048, password managers a few hundred thousand. */
const MAX_ROUNDS = 1_000_000;
const MAX_DEPTH = 20;

/** The file names its own iteration count (RFC 8018, RFC 7292). @throws CertificateProblem */
export function refuseCostlyPassword(der: Buffer): void {
  const root = decodeDer(der.toString("latin1"));
  if (root && largestCount(root) > MAX_ROUNDS)
    throw new CertificateProblem(
      "file",
      `The file wants its password hashed more than ${MAX_ROUNDS.toLocaleString("en")} times. Export it again with the usual settings.`,
    );
}

function largestCount(node: forge.asn1.Asn1, depth = 0): number {
  const { value } = node;
  if (depth > MAX_DEPTH) return 0;
  if (typeof value === "string") {
    const inner = node.type === forge.asn1.Type.OCTETSTRING ? decodeDer(value) : undefined;
    return inner ? largestCount(inner, depth + 1) : 0;
  }
  const counts = value.map((child, index) => {
    const isCount =
      child.type === forge.asn1.Type.INTEGER &&
      value[index - 1]?.type === forge.asn1.Type.OCTETSTRING;
    return isCount && typeof child.value === "string"
      ? Number(`0x0${Buffer.from(child.value, "latin1").toString("hex")}`)
      : largestCount(child, depth + 1);
  });
  return Math.max(0, ...counts);
}

function decodeDer(der: string): forge.asn1.Asn1 | undefined {
  return quietly(() => forge.asn1.fromDer(der));
}

export class CertificateProblem extends Error {
  override readonly name = "CertificateProblem";
  readonly field: "file" | "password";

  constructor(field: "file" | "password", message: string) {
    super(message);
    this.field = field;
  }
}
