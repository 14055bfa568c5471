import { existsSync } from "node:fs";
import { join } from "node:path";
import { runToEnd } from "./run-to-end.mjs";

/**
 * Work on the database of an installation, whether Postkey runs or not: with DATABASE_URL, or else with the embedded
 * server in POSTKEY_DATA.
 * @param {string[]} words a command of scripts/operate.ts and what it takes
 * @param {{ build?: () => Promise<void> }} [options] `build` makes its bundle, where there is none
 * @returns {Promise<number>} its exit code
 */
export async function operate([command, ...args], { build } = {}) {
  const { startPostgres } = await import("./embedded-postgres.mjs");
  const { givenDatabase } = await import("./given-database.mjs");
  const { findAddress, productEnvironment } = await import("./installation.mjs");
  const dataFolder = process.env.POSTKEY_DATA ?? "var";
  const given = givenDatabase();
  const url = findAddress(dataFolder);
  const isReset = command === "administrator-reset";
  // Before a database is looked for, which has nothing to do with it.
  if (isReset && !args[0]?.includes("@"))
    throw new Error("Name the person by an email address, such as ada@example.com.");
  const folder = join(dataFolder, "db");
  if (!given && command !== "restore" && !existsSync(join(folder, "data")))
    throw new Error(
      `There is no database in ${folder}. Set POSTKEY_DATA to another folder (the demonstration's is var/demo), or set DATABASE_URL.`,
    );
  if (isReset && !url)
    throw new Error(
      "Set POSTKEY_URL to the address at which people sign in, such as https://postkey.example.com: the link leads there.",
    );
  await build?.();
  const server = given ? { url: given } : await startPostgres(folder);
  try {
    const env = productEnvironment({ dataFolder, databaseUrl: server.url, url });
    const program = ["--conditions=react-server", "--enable-source-maps", ".build/operate.mjs"];
    const line = [process.execPath, ...program, command, ...args];
    const { code } = await runToEnd(line, { env, output: "inherit" });
    return code;
  } finally {
    await server.stop?.();
  }
}
