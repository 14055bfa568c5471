// The entry of a release, which scripts/release.mjs makes: node postkey.mjs --help says what it takes.
import { resolve } from "node:path";
import { demonstrate } from "./demonstration.mjs";
import { requireHealth } from "./health.mjs";
import { openDatabase } from "./installation.mjs";
import { operate } from "./operation.mjs";
import { run } from "./run.mjs";
import { exitWith } from "./terminal.mjs";

const HELP = `
node postkey.mjs all                   web, keeper, with POSTKEY_API_PORT gateway, and without DATABASE_URL a database
node postkey.mjs web|gateway|keeper    one of them, where others run the rest
node postkey.mjs migrate               applies the migrations, as each start does
node postkey.mjs health                ends with 0 while the Postkey that writes POSTKEY_HEALTH_FILE is well
node postkey.mjs demo [--reset]        everything, with a sandbox instead of Microsoft

node postkey.mjs backup FILE
node postkey.mjs restore FILE [--replace]
node postkey.mjs keys-rotate
node postkey.mjs administrator-reset EMAIL
node postkey.mjs audit-verify
node postkey.mjs audit-archive

docs/configuration.md has the environment variables; paths in them are absolute.
`;

const [command = "--help", ...args] = process.argv.slice(2);
const files = args.map((word) => (word.startsWith("--") ? word : resolve(word)));
const dataFolder = resolve(process.env.POSTKEY_DATA ?? "var");
process.env.POSTKEY_DATA = dataFolder;

const COMMANDS = {
  "--help": () => console.log(HELP),
  all: () => run(),
  web: () => run({ only: "web" }),
  gateway: () => run({ only: "gateway" }),
  keeper: () => run({ only: "keeper" }),
  migrate,
  health: () => requireHealth(process.env.POSTKEY_HEALTH_FILE),
  demo: () => demonstrate({ reset: args.includes("--reset") }),
  backup: () => operate([command, ...files]),
  restore: () => operate([command, ...files]),
};
const OPERATIONS = ["keys-rotate", "administrator-reset", "audit-verify", "audit-archive"];
for (const name of OPERATIONS) COMMANDS[name] = () => operate([name, ...args]);

try {
  const work = Object.hasOwn(COMMANDS, command) && COMMANDS[command];
  if (!work) throw new Error(`There is no command ${command}.\n${HELP}`);
  // Everything that it starts is found from here.
  process.chdir(import.meta.dirname);
  const code = await work();
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  exitWith(error);
}

async function migrate() {
  const database = await openDatabase(dataFolder);
  await database.stop();
  console.log("The database is up to date.");
}
