import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Authority } from "@/lib/access/devices/authority/make";

type Files = { certificateFile: string; keyFile: string };

/** The operator's files are no certificate with its key. The message names the file and the reason. */
class UnusableFiles extends Error {
  override readonly name = "UnusableFiles";
}

/** The operator's certificate with its key. @throws UnusableFiles */
export async function readCertificateFiles({
  certificateFile,
  keyFile,
}: Files): Promise<Authority> {
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

/** Of PKCS #8 (RFC 7468 §11), and of the form before (RFC 1421 §4.6.1.1). OpenSSL says “interrupted or cancelled”. */
const ENCRYPTED = /^(?:-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED)/m;

/** No one is there to type it when a gateway starts. */
function withPassphrase(file: string): UnusableFiles {
  const command = `openssl pkey -in "${file}" -out "${file}.plain"`;
  return new UnusableFiles(
    `${file} has a passphrase, which Postkey can't ask for. Use a copy without it: ${command}`,
  );
}

async function readNamed(variable: string, file: string): Promise<string> {
  try {
    // A pipe or a device would be waited for without end.
    if (!(await stat(file)).isFile()) throw new Error(`${file} is no regular file`);
    return await readFile(file, "utf8");
  } catch (error) {
    // Node's words name the file.
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
