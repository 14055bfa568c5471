import { verifyAudit } from "@/lib/audit/verify";
import { db, pool } from "@/lib/db";
import { EnvError } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { backUp } from "./back-up";
import { restore } from "./restore";
import { rotateKeys } from "./rotate-keys";

/** The commands of the operator; scripts/operate.mjs finds the database for them. */
const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  "audit-verify": verify,
  "keys-rotate": rotateKeys,
  backup: backUp,
  restore,
};

const [name = "", ...args] = process.argv.slice(2);
try {
  const command = COMMANDS[name];
  if (!command) throw new EnvError(`There is no command “${name}”.`);
  await command(args);
} catch (error) {
  const isOurs = error instanceof EnvError || error instanceof AppError;
  console.error(isOurs ? error.message : error);
  process.exitCode = 1;
} finally {
  await db().$disconnect();
  await pool().end();
}

async function verify(): Promise<void> {
  const verdict = await verifyAudit();
  if (!verdict.isIntact) {
    console.error(`The audit trail is not what was written. ${verdict.problem}`);
    process.exitCode = 1;
    return;
  }
  const { chained, older, lastId } = verdict;
  const before = older > 0 ? ` ${older} older ones are not chained.` : "";
  console.log(`The audit trail is intact: ${chained} events, up to ${lastId ?? "none"}.${before}`);
}
