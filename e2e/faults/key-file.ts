import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createKeyFile } from "@/lib/installation/keys/key-file";
import { isKeyRight } from "@/lib/installation/keys/store";
import { pool } from "@/lib/kernel/db";
import { forgetSingletons } from "@/lib/testing/singletons";

/** The file's key is in a file, as it has to be for a rotation. To be called before `withPrograms`. */
export function withKeyFile(): { folder: string; keyFile: string } {
  const folder = mkdtempSync(join(tmpdir(), "postkey-rotation-"));
  const keyFile = join(folder, "key");
  beforeAll(async () => {
    createKeyFile(keyFile);
    delete process.env.POSTKEY_KEY;
    process.env.POSTKEY_KEY_FILE = keyFile;
    forgetSingletons();
    await isKeyRight();
  });
  afterAll(() => {
    delete process.env.POSTKEY_KEY_FILE;
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, keyFile };
}

/** After half a minute of silence a rotation no longer waits for a process; a test need not either. */
export async function forgetTheDead(): Promise<void> {
  await pool().query(`UPDATE "KeyReader" SET "beatAt" = now() - interval '31 seconds'`);
}
