import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createKeyFile } from "@/lib/installation/keys/key-file";
import { isKeyRight } from "@/lib/installation/keys/store";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { DatabaseClient } from "@/lib/kernel/database-client.mjs";
import { db, pool } from "@/lib/kernel/db";
import { forgetSingletons } from "@/lib/testing/singletons";
import type { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { migrate } from "@/scripts/migrate.mjs";

type Server = Awaited<ReturnType<typeof startPostgres>>;

/**
 * A PostgreSQL of the file's own, to be stopped or killed, with a key in a file. To be called before `withPrograms`.
 * @param startServer how it is started, and started again, in a folder
 */
export function withOwnPostgres<T extends Pick<Server, "url" | "stop">>(
  startServer: (folder: string) => Promise<T>,
) {
  const folder = mkdtempSync(join(tmpdir(), "postkey-own-"));
  let server: T | undefined;
  beforeAll(async () => {
    // PostgreSQL does not run as root: its own user has to be able to enter.
    chmodSync(folder, 0o711);
    server = await startServer(folder);
    const client = new DatabaseClient({ connectionString: server.url });
    await client.connect();
    await migrate(client, "prisma/migrations").finally(() => client.end());
    createKeyFile(join(folder, "key"));
    delete process.env.POSTKEY_KEY;
    process.env.POSTKEY_URL = "http://localhost:3000";
    process.env.POSTKEY_KEY_FILE = join(folder, "key");
    process.env.DATABASE_URL = server.url;
    forgetSingletons();
    await isKeyRight();
  }, MINUTE_MS);
  afterAll(async () => {
    await forget();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  });
  const current = () => {
    if (!server) throw new Error("The database runs during tests only.");
    return server;
  };
  return Object.assign(current, {
    folder,
    /** As processes find a server that was started again: it may have another port. */
    async startAgain(): Promise<void> {
      await forget();
      server = await startServer(folder);
      process.env.DATABASE_URL = server.url;
    },
  });
}

async function forget(): Promise<void> {
  await db().$disconnect();
  await pool()
    .end()
    .catch(() => {});
  forgetSingletons();
}

/** A server and its children, as a machine stops or loses them at once. */
export function treeOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return [pid, ...children.split(" ").filter(Boolean).map(Number)];
}

/** Sends a signal to those that are still there: of a database, connections come and go. */
export function signal(pids: number[], name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // Gone already.
    }
}
