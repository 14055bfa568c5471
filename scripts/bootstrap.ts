import { createInitialAdministrator, createSetupToken } from "@/lib/administrators/set-up";
import { db, pool } from "@/lib/db";
import { EnvError, env } from "@/lib/env";
import { isKeyRight } from "@/lib/keys/store";
import { configuredClouds } from "@/lib/oauth/configured-clouds";

/**
 * Between the migrations and the first request: checks the configuration and the key, and makes sure
 * that somebody can sign in. Prints one JSON line: { setupToken } while there is no administrator.
 */
try {
  env();
  configuredClouds();
  if (!(await isKeyRight()))
    throw new EnvError(
      "The encryption key does not open this database. Give POSTKEY_KEY the key that it was filled with; nothing was changed.",
    );
  const { DEMO_EMAIL: email, DEMO_PASSWORD: password } = process.env;
  if (email && password)
    await createInitialAdministrator({ name: "Demo Administrator", email, password });
  process.stdout.write(`${JSON.stringify({ setupToken: await createSetupToken() })}\n`);
} catch (error) {
  const message = error instanceof EnvError ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
} finally {
  await db()
    .$disconnect()
    .catch(() => {});
  await pool()
    .end()
    .catch(() => {});
}
