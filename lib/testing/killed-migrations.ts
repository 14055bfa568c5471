import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const PROGRAM = `
  import pg from "pg";
  import { migrate } from "./scripts/migrate.mjs";
  const client = new pg.Client({ connectionString: process.argv[1] });
  await client.connect();
  console.log("begins");
  await migrate(client, process.argv[2]);
  await client.end();`;

/** Another process that migrates a database; it has connected to it. */
export async function beginToMigrate(databaseUrl: string, folder: string): Promise<ChildProcess> {
  const args = ["--input-type=module", "-e", PROGRAM, databaseUrl, folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;
  child.kill("SIGKILL");
  await gone;
}
