import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

/** A folder for the test file, which goes with it. */
export const folderOfFile = () => folderUntil(afterAll);

/** The same for one test, which a hook before it may ask for as well. */
export const folderOfTest = () => folderUntil(onTestFinished);

function folderUntil(end: (clearUp: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "postkey-test-"));
  end(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
