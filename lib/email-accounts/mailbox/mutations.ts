import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { pool } from "@/lib/kernel/db";

/** It may have been renamed. */
const KEEP = {
  name: "keep-smtp-user",
  text: `UPDATE "EmailAccount" SET "smtpUser" = CASE WHEN username = $2 THEN 'login' ELSE 'mailbox' END
    WHERE id = $1 AND $2 IN (username, "emailAddress", mailbox)`,
};

/** The name that SMTP took is tried first from now on. */
export async function keepSmtpUser(
  actor: Actor,
  { emailAccountId, user }: { emailAccountId: string; user: string },
): Promise<void> {
  requirePermissionOnAccounts(actor, "mail:send");
  await pool().query({ ...KEEP, values: [emailAccountId, user] });
}
