import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Authority } from "@/lib/access/devices/authority/make";

type Files = { certificateFile: string; keyFile: string };

/** The operator's files are no certificate with its key. The message names the file and the reason. */
export class UnusableFiles extends Error {
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
  const shown = understood(certificateFile, () => new X509Certificate(certificate));
  const key = understood(keyFile, () => createPrivateKey(privateKey));
  if (!shown.checkPrivateKey(key))
    throw new UnusableFiles(`${keyFile} is not the key of ${certificateFile}.`);
  return { certificate, privateKey };
}

/** What is wrong with what stands in a file. */
export function asUnusable(error: unknown, file: string): UnusableFiles {
  if (error instanceof UnusableFiles) return error;
  return new UnusableFiles(`${file} can't be used: ${reasonOf(error)}.`, {
    cause: error,
  });
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
    throw asUnusable(error, file);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
