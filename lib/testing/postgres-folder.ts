import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll } from "vitest";

/** A data folder for the test file in which servers are started and killed. */
export function withPostgresFolder() {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "postkey-pg-"));
    // PostgreSQL does not run as root: its own user has to be able to enter.
    chmodSync(folder, 0o711);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const lockFile = () => join(folder, "data", "postmaster.pid");
  return {
    folder: () => folder,
    lockFile,
    /** The process id of the server that has the folder. */
    lockedBy: () => Number(readFileSync(lockFile(), "utf8").split("\n")[0]),
  };
}

/** One statement over a connection of its own, to a server that may be away. */
export async function queryOnce(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
