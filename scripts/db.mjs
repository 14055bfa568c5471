// npm run db -- migrate | new-migration <name> | run <command…>
// With DATABASE_URL, or else with the embedded server under var/.
import { DatabaseClient } from "../lib/kernel/database-client.mjs";
import { startPostgres } from "./embedded-postgres.mjs";
import { migrate } from "./migrate.mjs";
import { runInTerminal } from "./run-to-end.mjs";

const [command, ...rest] = process.argv.slice(2);
const external = process.env.DATABASE_URL;
const server = external ? undefined : await startPostgres(process.env.POSTKEY_DATA ?? "var/db");
const url = external ?? server.url;
try {
  await applyMigrations();
  if (command === "new-migration") {
    const { newMigration } = await import("./new-migration.mjs");
    console.log((await newMigration(url, rest[0])) ?? "The schema asks for no change.");
  } else if (command === "run") {
    const env = { ...process.env, DATABASE_URL: url };
    process.exitCode = await runInTerminal(rest[0], rest.slice(1), env);
  }
} finally {
  await server?.stop();
}

async function applyMigrations() {
  const client = new DatabaseClient({ connectionString: url });
  await client.connect();
  const applied = await migrate(client, "prisma/migrations").finally(() => client.end());
  console.log(`The database is up to date (${applied.length} applied now).`);
}
