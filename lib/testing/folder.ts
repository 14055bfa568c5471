import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A folder for the test file, which goes with it. */
export function folderOfFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "postkey-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
