import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestSandbox } from "@/e2e/sandbox/testing";

/**
 * The sandbox and Dovecot have a certificate authority each.
 * @returns the folder of the file that names both, for the caller to remove
 */
export async function trustBoth({ caFile }: Pick<TestSandbox, "caFile">): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "postkey-trust-"));
  const files = new Set([caFile, process.env.POSTKEY_CA_FILE ?? ""]);
  const pems = await Promise.all([...files].map((file) => readFile(file, "utf8")));
  process.env.POSTKEY_CA_FILE = join(folder, "ca.pem");
  await writeFile(process.env.POSTKEY_CA_FILE, pems.join("\n"));
  return folder;
}
