import { existsSync } from "node:fs";
import { join } from "node:path";
import { runInTerminal } from "./run-to-end.mjs";

/**
 * Work on the database of an installation, whether Postkey runs or not: with DATABASE_URL, or else with the embedded
 * server in POSTKEY_DATA.
 * @param {string[]} words a command of scripts/operate.ts and what it takes
 * @param {{ build?: () => Promise<void> }} [options] `build` makes its bundle, where there is none
 * @returns {Promise<number>} its exit code
 */
export async function operate([command, ...args], { build } = {}) {
  // Only now: these need the packages.
  const { startPostgres } = await import("./embedded-postgres.mjs");
  const { givenDatabase } = await import("./given-database.mjs");
  const { findAddress, productEnvironment } = await import("./installation.mjs");
  const dataFolder = process.env.POSTKEY_DATA ?? "var";
  const given = givenDatabase();
  requireWords(command, args);
  const folder = join(dataFolder, "db");
  if (!given && command !== "restore" && !existsSync(join(folder, "data")))
    throw new Error(
      existsSync(join(dataFolder, "demo", "db"))
        ? `The demonstration keeps its data in a folder of its own. Set POSTKEY_DATA=${join(dataFolder, "demo")}`
        : `There is no database in ${folder}. Set POSTKEY_DATA to another folder, or set DATABASE_URL.`,
    );
  await build?.();
  const server = given ? { url: given } : await startPostgres(folder);
  try {
    const { url, from } = findAddress(dataFolder);
    if (command === "administrator-reset" && from === "nowhere")
      throw new Error(
        "Set POSTKEY_URL to the address at which people sign in, such as https://postkey.example.com: the link leads there.",
      );
    const env = productEnvironment({ dataFolder, databaseUrl: server.url, url });
    const program = ["--conditions=react-server", "--enable-source-maps", ".build/operate.mjs"];
    return await runInTerminal(process.execPath, [...program, command, ...args], env);
  } finally {
    await server.stop?.();
  }
}

/** Before a database is looked for, which has nothing to do with it. */
function requireWords(command, [email = ""]) {
  if (command !== "administrator-reset" || email.includes("@")) return;
  const given =
    email === "" ? "The email address is missing" : `“${email}” is not an email address`;
  throw new Error(`${given}. Name the person by it, such as ada@example.com.`);
}
