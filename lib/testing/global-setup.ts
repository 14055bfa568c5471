import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { migrate } from "@/scripts/migrate.mjs";
import { makeSandboxKeys } from "./sandbox-keys";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the database that every test's own is a copy of. */
    templateDatabaseUrl: string;
    /** Folder with the keys of the sandbox, which every test's own begins with: RSA keys take long to make. */
    sandboxKeys: string;
  }
}

/** One PostgreSQL for the run, with the migrations applied once, to a template. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "postkey-test-db-"));
  // PostgreSQL does not run as root: its own user has to be able to enter.
  chmodSync(folder, 0o711);
  const server = await startPostgres(folder);
  // A run that breaks off, as into a closed pipe, comes to no teardown.
  const kill = () => endIfThere(server.pid);
  process.once("exit", kill);
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await migrate(client, "prisma/migrations").finally(() => client.end());
  provide("templateDatabaseUrl", server.url);
  const keys = mkdtempSync(join(tmpdir(), "postkey-sandbox-keys-"));
  makeSandboxKeys(keys);
  provide("sandboxKeys", keys);
  return async () => {
    process.off("exit", kill);
    await server.stop();
    for (const each of [folder, keys]) rmSync(each, { recursive: true, force: true });
  };
}

/** Its process may have ended before ours. */
function endIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
