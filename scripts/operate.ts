import { archiveOldEvents } from "@/lib/audit/archive/archive-old-events";
import { verifyAudit } from "@/lib/audit/verify";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { db, pool } from "@/lib/kernel/db";
import { EnvError, env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { counted } from "@/lib/kernel/text/schema";
import { createPasswordLinkOnHost } from "@/lib/people/passwords/mutations";
import { backUp } from "./back-up";
import { restore } from "./restore";
import { rotateKeys } from "./rotate-keys";

/** The commands of the operator; scripts/operate.mjs finds the database for them. */
const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  "audit-verify": verify,
  "audit-archive": archive,
  "administrator-reset": resetAdministrator,
  "keys-rotate": () => rotateKeys(),
  backup: backUp,
  restore,
};

const [name = "", ...args] = process.argv.slice(2);
try {
  const command = COMMANDS[name];
  if (!command) throw new EnvError(`Unknown command “${name}”.`);
  await command(args);
} catch (thrown) {
  const error = translateDatabaseError(thrown);
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
    console.error(`The audit trail was changed. ${verdict.problem}`);
    process.exitCode = 1;
    return;
  }
  const { chained, older, lastId } = verdict;
  const before =
    older > 0 ? ` ${counted(older, "older event is", "older events are")} not chained.` : "";
  console.log(
    `The audit trail is intact: ${counted(chained, "event")}, up to ${lastId ?? "none"}.${before}`,
  );
}

async function archive(): Promise<void> {
  const { auditArchive: folder, auditMonths } = env();
  if (folder === undefined)
    throw new EnvError("Set POSTKEY_AUDIT_ARCHIVE to the absolute path of the archive folder.");
  const written = await archiveOldEvents({ folder });
  if (!written) throw new EnvError("Another process is already archiving the audit trail.");
  for (const { file, events } of written) console.log(`${file}: ${counted(events, "event")}.`);
  if (written.length === 0)
    console.log(
      `Nothing to archive: no event is older than ${counted(auditMonths, "whole month")}.`,
    );
}

async function resetAdministrator([email = ""]: string[]): Promise<void> {
  const { link, hadFactors, sessionsEnded } = await createPasswordLinkOnHost(email);
  console.log(
    `Open this link within a day to choose a new password. It works once.\n\n  ${link}\n`,
  );
  const sessions = sessionsEnded === 1 ? "1 session was" : `${sessionsEnded} sessions were`;
  console.log(`The old password no longer works, and ${sessions} ended.`);
  if (hadFactors)
    console.log(
      "The authenticator app, the recovery codes and the passkeys of this administrator were removed.",
    );
  console.log("If the link expires unused, run this command again.");
}
