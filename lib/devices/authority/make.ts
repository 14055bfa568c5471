import { generateKeyPair, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";
import { DAY_MS } from "@/lib/kernel/clock";
import { plainAddress } from "@/lib/kernel/networks";

export type Authority = { certificate: string; privateKey: string };

type Validity = { from: Date; until: Date };

/** Of no clock: it is made once, and a machine that starts may not know the time yet. Old devices read no year 2050. */
const OF_AUTHORITY: Validity = {
  from: new Date("2020-01-01T00:00:00Z"),
  until: new Date("2049-12-31T23:59:59Z"),
};
/** The longest that clients accept of a server's certificate; each start of a gateway makes another one. */
const SERVER_MS = 397 * DAY_MS;
/** For clocks that are behind. */
const BEFORE_MS = 30 * DAY_MS;
const AUTHORITY_NAME = "Postkey local authority";

/** An authority of the installation's own. RSA, which old devices know as well. */
export async function makeAuthority(): Promise<Authority> {
  const keys = await makeRsaKeys();
  const certificate = newCertificate(keys.publicKey, OF_AUTHORITY);
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
  const of = { publicKey: keys.publicKey, issuerKey: keys.privateKey };
  return { certificate: signed(certificate, of), privateKey: keys.privateKey };
}

/** P-256, ten times as fast at each handshake, and RSA, which old devices know. */
export async function makeServerCertificates(
  authority: Authority,
  { names, now }: { names: readonly string[]; now: Date },
): Promise<Authority[]> {
  const from = new Date(now.getTime() - BEFORE_MS);
  const validity = { from, until: new Date(from.getTime() + SERVER_MS) };
  const [elliptic, rsa] = await Promise.all([makeEllipticKeys(), makeRsaKeys()]);
  const make = (keys: { publicKey: string; privateKey: string }, keyUsage: object): Authority => {
    // The library knows keys of RSA only: `signed` puts the other one in its place.
    const certificate = newCertificate(rsa.publicKey, validity);
    describeServer(certificate, { authority, names, keyUsage });
    const of = { publicKey: keys.publicKey, issuerKey: authority.privateKey };
    return { certificate: signed(certificate, of), privateKey: keys.privateKey };
  };
  // RFC 8813 §3: what is encrypted for a key is encrypted for one of RSA.
  return [make(elliptic, {}), make(rsa, { keyEncipherment: true })];
}

function describeServer(
  certificate: forge.pki.Certificate,
  {
    authority,
    names,
    keyUsage,
  }: { authority: Authority; names: readonly string[]; keyUsage: object },
): void {
  const issuer = forge.pki.certificateFromPem(authority.certificate);
  certificate.setSubject([{ name: "commonName", value: (names[0] ?? "localhost").slice(0, 64) }]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, ...keyUsage, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    // Strict verifiers (Python 3.13 among them) refuse a chain without it.
    {
      name: "authorityKeyIdentifier",
      keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes(),
    },
    { name: "subjectAltName", altNames: names.map(alternativeName) },
  ]);
}

/** RFC 5280 §4.2.1.6: 2 is a DNS name, 7 an address. */
function alternativeName(name: string) {
  return plainAddress(name) === undefined ? { type: 2, value: name } : { type: 7, ip: name };
}

function makeRsaKeys() {
  return promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

function makeEllipticKeys() {
  return promisify(generateKeyPair)("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

function newCertificate(publicKey: string, { from, until }: Validity): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  const serial = randomBytes(16);
  // Positive and at most 20 octets (RFC 5280 §4.1.2.2).
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  certificate.serialNumber = serial.toString("hex");
  certificate.validity.notBefore = from;
  certificate.validity.notAfter = until;
  return certificate;
}

/** Where the key is in what is signed (RFC 5280 §4.1). */
const PUBLIC_KEY_AT = 6;

function signed(
  certificate: forge.pki.Certificate,
  { publicKey, issuerKey }: { publicKey: string; issuerKey: string },
): string {
  const { asn1, md, pem, pki } = forge;
  certificate.sign(pki.privateKeyFromPem(issuerKey), md.sha256.create());
  const { tbsCertificate } = certificate;
  const [spki] = pem.decode(publicKey);
  if (!spki || !Array.isArray(tbsCertificate.value)) throw new Error("There is no key.");
  tbsCertificate.value[PUBLIC_KEY_AT] = asn1.fromDer(spki.body);
  const bytes = Buffer.from(asn1.toDer(tbsCertificate).getBytes(), "latin1");
  certificate.signature = sign("sha256", bytes, issuerKey).toString("latin1");
  return pki.certificateToPem(certificate);
}
