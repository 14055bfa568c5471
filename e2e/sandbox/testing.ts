import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox";

export const GOOGLE_REDIRECT_URI =
  "http://localhost:3000/api/cloudProviders/oauth2/google/callback";
export const REDIRECT_URI = "http://localhost:3000/api/cloudProviders/oauth2/microsoft/callback";

export interface TestSandbox extends Sandbox {
  stateDir: string;
  dispose(): Promise<void>;
}

/** A sandbox on free ports with a state directory of its own. */
export async function startTestSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<TestSandbox> {
  const stateDir = options.stateDir ?? folderWithKeys();
  const sandbox = await startSandbox({
    redirectUris: [REDIRECT_URI, GOOGLE_REDIRECT_URI],
    ...options,
    stateDir,
  });
  const dispose = async () => {
    await sandbox.close();
    rmSync(stateDir, { recursive: true, force: true });
  };
  return { ...sandbox, stateDir, dispose };
}

function folderWithKeys(): string {
  const folder = mkdtempSync(join(tmpdir(), "postkey-sandbox-"));
  cpSync(inject("sandboxKeys"), folder, { recursive: true });
  return folder;
}
