import { execFileSync } from "node:child_process";
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DAY_MS, fromNow } from "@/lib/kernel/clock";
import { folderOfFile } from "@/lib/testing/folder";
import { generateCertificate } from "./generate";
import { readCertificate } from "./read";

const directory = folderOfFile();
const own = await generateCertificate({ commonName: "Postkey Müller", bits: 2048, months: 12 });

/** A certificate over this key that is valid for so many days, which may have passed. */
function certificateFor(privateKey: KeyObject, { from = -1, to = 30 } = {}): string {
  const key = join(directory, "key.pem");
  writeFileSync(key, pkcs8(privateKey));
  const at = (days: number) =>
    fromNow(days * DAY_MS)
      .toISOString()
      .replace(/\.\d+|[-:T]/g, "");
  const validity = ["-not_before", at(from), "-not_after", at(to)];
  const args = ["req", "-x509", "-key", key, "-subj", "/CN=test", ...validity];
  return execFileSync("openssl", args).toString();
}

const pkcs8 = (key: KeyObject, passphrase?: string) =>
  key
    .export({
      type: "pkcs8",
      format: "pem",
      ...(passphrase !== undefined && { cipher: "aes-256-cbc", passphrase }),
    })
    .toString();
const rsa = (modulusLength = 2048) => generateKeyPairSync("rsa", { modulusLength }).privateKey;

/** A PKCS#12 file as OpenSSL writes it. */
function pfx(certificate: string, key: string, ...options: string[]): Buffer {
  const [input, output] = [join(directory, "in.pem"), join(directory, "out.pfx")];
  writeFileSync(input, certificate + key);
  const files = ["-in", input, "-out", output];
  execFileSync("openssl", ["pkcs12", "-export", "-passout", "pass:geheim", ...files, ...options]);
  return readFileSync(output);
}

const read = (file: string | Buffer, password = "") => readCertificate(Buffer.from(file), password);

describe("a certificate with its key is read from", () => {
  const key = rsa();
  const certificate = certificateFor(key);
  const expected = { certificate, privateKey: pkcs8(key) };

  test("a PEM file, in either order", () => {
    expect(read(certificate + pkcs8(key))).toMatchObject(expected);
    expect(read(pkcs8(key) + certificate)).toMatchObject(expected);
  });

  test("a PEM file, also with an encrypted key and the certificates of its authorities", () => {
    expect(read(certificate + pkcs8(key, "geheim"), "geheim")).toMatchObject(expected);
    expect(read(certificateFor(rsa()) + certificate + pkcs8(key))).toMatchObject(expected);
  });

  test.each([
    ["as OpenSSL writes it", []],
    ["as Windows wrote it", ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"]],
    ["without encryption of its own", ["-keypbe", "NONE", "-certpbe", "NONE"]],
  ])("a PFX file %s", (_what, options) => {
    expect(read(pfx(certificate, pkcs8(key), ...options), "geheim")).toMatchObject(expected);
  });
});

describe("a file is refused, at its field and in words,", () => {
  const key = rsa();
  const certificate = certificateFor(key);
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const weak = rsa(1024);
  const cer = new X509Certificate(certificate).raw;
  const locked = certificate + pkcs8(key, "x");
  const plain = pkcs8(key);

  test.each<[string, () => string | Buffer, string, "file" | "password", RegExp]>([
    ["a picture", () => Buffer.from("\x89PNG\r\n"), "", "file", /neither a PEM/],
    ["cut off", () => pfx(certificate, plain).subarray(0, 600), "geheim", "file", /neither/],
    ["no key (.cer)", () => cer, "", "file", /no private key/],
    ["no key (PFX)", () => pfx(certificate, "", "-nokeys"), "geheim", "file", /no private key/],
    ["another key", () => certificate + pkcs8(rsa()), "", "file", /does not belong/],
    ["expired", () => certificateFor(key, { from: -9, to: -2 }) + plain, "", "file", /expired/],
    ["early", () => certificateFor(key, { from: 2 }) + plain, "", "file", /not valid before/],
    ["EC", () => certificateFor(ec) + pkcs8(ec), "", "file", /RSA certificates only/],
    ["1024 bits", () => certificateFor(weak) + pkcs8(weak), "", "file", /1024 bits/],
    ["no password", () => locked, "", "password", /enter its password/],
    ["wrong (PFX)", () => pfx(certificate, plain), "y", "password", /does not open/],
    ["costly", () => pfx(certificate, plain, "-iter", "1000001"), "y", "file", /hashed more than/],
  ])("%s", (...[, file, password, field, message]) => {
    expect(() => read(file(), password)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });
});

test("a certificate that is made here signs itself, names the provider, and ends on the day", () => {
  const made = new X509Certificate(own.certificate);
  expect(made.verify(made.publicKey)).toBe(true);
  expect(made.checkPrivateKey(createPrivateKey(own.privateKey))).toBe(true);
  expect(made.subject).toBe("CN=Postkey Müller");
  expect(made.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(new Date(made.validTo)).toEqual(own.expiresAt);
  const monthMs = 30 * DAY_MS;
  expect(own.expiresAt.getTime() - Date.now()).toBeGreaterThan(11.9 * monthMs);
});
