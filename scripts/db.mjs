// node scripts/db.mjs migrate | prisma <args…> | run <command…>
// With DATABASE_URL, or else with the embedded server under var/.
import { spawn } from "node:child_process";
import { DatabaseClient } from "../lib/kernel/database-client.mjs";
import { startPostgres } from "./embedded-postgres.mjs";
import { migrate } from "./migrate.mjs";

const [command, ...rest] = process.argv.slice(2);
const external = process.env.DATABASE_URL;
const server = external ? undefined : await startPostgres(process.env.POSTKEY_DATA ?? "var/db");
const url = external ?? server.url;
try {
  if (command !== "prisma") await applyMigrations();
  if (command === "prisma") process.exitCode = await run("prisma", rest);
  else if (command === "run") process.exitCode = await run(rest[0], rest.slice(1));
} finally {
  await server?.stop();
}

async function applyMigrations() {
  const client = new DatabaseClient({ connectionString: url });
  await client.connect();
  const applied = await migrate(client, "prisma/migrations").finally(() => client.end());
  console.log(`The database is up to date (${applied.length} applied now).`);
}

function run(bin, args) {
  const child = spawn(bin, args, {
    stdio: "inherit",
    env: { ...process.env, DATABASE_URL: url },
    shell: process.platform === "win32",
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  return new Promise((done) => child.on("exit", (code) => done(code ?? 1)));
}
