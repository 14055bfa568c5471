import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";

type Files = { certificateFile: string; keyFile: string };

class UnusableFiles extends Error {
  override readonly name = "UnusableFiles";
}

export async function readCertificateFiles({ certificateFile, keyFile }: Files) {
  const [certificate, privateKey] = await Promise.all([
    readNamed("POSTKEY_DEVICE_CERTIFICATE_FILE", certificateFile),
    readNamed("POSTKEY_DEVICE_KEY_FILE", keyFile),
  ]);
  if (ENCRYPTED.test(privateKey)) throw withPassphrase(keyFile);
  const shown = understood(certificateFile, () => new X509Certificate(certificate));
  const key = understood(keyFile, () => createPrivateKey(privateKey));
  if (!shown.checkPrivateKey(key))
    throw new UnusableFiles(`${keyFile} is not the key of ${certificateFile}.`);
  return { certificate, privateKey };
}

/** PKCS #8 (RFC 7468 §11) and the older form (RFC 1421 §4.6.1.1); OpenSSL's message is unclear. */
const ENCRYPTED = /^(?:-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED)/m;

/** No one can type it at start. */
function withPassphrase(file: string): UnusableFiles {
  const command = `openssl pkey -in "${file}" -out "${file}.plain"`;
  return new UnusableFiles(
    `${file} has a passphrase, which Postkey can't ask for. Use a copy without it: ${command}`,
  );
}

async function readNamed(variable: string, file: string): Promise<string> {
  try {
    // A pipe would never end.
    if (!(await stat(file)).isFile()) throw new Error(`${file} is no regular file`);
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UnusableFiles(`${variable}: ${reasonOf(error)}.`, { cause: error });
  }
}

function understood<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UnusableFiles(`${file} can't be used: ${reasonOf(error)}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
