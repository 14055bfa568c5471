// npm run db: applies the migrations. npm run db -- new-migration <name>: writes another one behind them.
// With DATABASE_URL, or else with the embedded server in POSTKEY_DATA.
import { openDatabase } from "./installation.mjs";

const [command, name] = process.argv.slice(2);
const server = await openDatabase(process.env.POSTKEY_DATA ?? "var");
try {
  if (command === "new-migration") {
    const { newMigration } = await import("./new-migration.mjs");
    console.log((await newMigration(server.url, name)) ?? "The schema asks for no change.");
  } else console.log("The database is up to date.");
} finally {
  await server.stop();
}
