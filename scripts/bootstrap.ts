import { createKeyFile } from "@/lib/installation/keys/key-file";
import { findLock, isAnythingSealed } from "@/lib/installation/keys/store";
import { createKeyring } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { EnvError, env } from "@/lib/kernel/env";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { createInitialAdministrator, createSetupToken } from "@/lib/people/administrators/set-up";

/**
 * Before the database is touched (`--check`): checks the configuration. Between the migrations and the first
 * request: checks the key, and that someone can sign in. Prints one JSON line, with a `setupToken` while
 * there is no administrator, and with `lock`, the reason, when the key does not open this database.
 * Nothing is written then. With `--make-key` a database that holds no secret yet gets a key of its own.
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

async function prepare(): Promise<{ setupToken: string | null; lock: string | null }> {
  try {
    if (env().keyProblem && !(await isAnythingSealed())) makeKey();
    const lock = await findLock();
    if (lock) return { setupToken: null, lock };
    const { DEMO_EMAIL: email, DEMO_PASSWORD: password } = process.env;
    if (email && password)
      await createInitialAdministrator({ name: "Demo Administrator", email, password });
    return { setupToken: await createSetupToken(), lock };
  } finally {
    await db().$disconnect();
    await pool().end();
  }
}

/** Nothing was ever sealed here: a key may be made, or the operator's own has to be mended first. */
function makeKey(): void {
  const { POSTKEY_KEY_FILE: file } = process.env;
  if (!file || !process.argv.includes("--make-key")) throw new EnvError(env().keyProblem ?? "");
  env().keyring = createKeyring([createKeyFile(file)]);
  env().keyProblem = null;
}
