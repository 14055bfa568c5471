import { createInitialAdministrator, createSetupToken } from "@/lib/administrators/set-up";
import { db, pool } from "@/lib/db";
import { EnvError, env } from "@/lib/env";
import { isKeyRight } from "@/lib/keys/store";
import { configuredClouds } from "@/lib/oauth/configured-clouds";

/**
 * Before the database is touched (`--check`): the configuration. Between the migrations and the first
 * request: the key, and that somebody can sign in. Prints one JSON line, with a `setupToken` while
 * there is no administrator.
 */
try {
  env();
  configuredClouds();
  const result = process.argv.includes("--check") ? {} : await prepare();
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  const message = error instanceof EnvError ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

async function prepare(): Promise<{ setupToken: string | null }> {
  try {
    if (!(await isKeyRight()))
      throw new EnvError(
        "The encryption key does not open this database. Give POSTKEY_KEY the key that it was filled with; nothing was changed.",
      );
    const { DEMO_EMAIL: email, DEMO_PASSWORD: password } = process.env;
    if (email && password)
      await createInitialAdministrator({ name: "Demo Administrator", email, password });
    return { setupToken: await createSetupToken() };
  } finally {
    await db().$disconnect();
    await pool().end();
  }
}
