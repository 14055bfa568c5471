import "server-only";
import { randomUUID } from "node:crypto";
import { type Actor, requirePermission } from "@/lib/actor";
import { pool } from "@/lib/db";
import { accountNotFound } from "@/lib/email-accounts/queries";
import { hostsSchema, type MailHosts, type MailService } from "@/lib/email-accounts/schema";
import type { ConnectionReport, Protocol } from "./schema";

export type TestedAccount = {
  id: string;
  name: string;
  emailAddress: string;
  username: string;
  service: MailService;
  modernAuthentication: boolean;
  cloud: string | null;
  hosts: MailHosts | null;
};

const FIND = {
  name: "find-tested-account",
  text: `SELECT e.id, e.name, e."emailAddress", e.username, e.service, e."modernAuthentication",
      e.hosts, p.cloud
    FROM "EmailAccount" e LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    WHERE e.id = $1`,
};

/** @throws AppError not_found */
export async function findTestedAccount(actor: Actor, id: string): Promise<TestedAccount> {
  requirePermission(actor, "accounts:test");
  const { rows } = await pool().query<TestedAccount>({ ...FIND, values: [id] });
  const [row] = rows;
  if (!row) throw accountNotFound();
  return { ...row, hosts: hostsSchema.nullable().parse(row.hosts) };
}

type FinishedTest = {
  emailAccountId: string;
  startedAt: Date;
  durationMs: number;
  verdict: "ok" | "failed";
  report: ConnectionReport;
};

/**
 * Report, verdicts and notice in one statement and so in one transaction: a test runs often and at
 * once with others. An account that was deleted meanwhile gets no report.
 */
const SAVE = {
  name: "save-connection-test",
  text: `WITH account AS (
      UPDATE "EmailAccount" SET "lastTestedAt" = $3, "imapVerdict" = $7, "smtpVerdict" = $8, "pop3Verdict" = $9
      WHERE id = $2 RETURNING id
    ), saved AS (
      INSERT INTO "ConnectionTest" (id, "emailAccountId", "startedAt", "durationMs", verdict, report, "startedByName")
      SELECT $1, id, $3, $4, $5, $6, $10 FROM account RETURNING id
    ), told AS (
      INSERT INTO "Event" (type, payload)
      SELECT 'email_account', jsonb_build_object('id', id) FROM account
    )
    SELECT id FROM saved`,
};

/** @returns the id of the stored report, or null when the account is gone */
export async function saveConnectionTest(actor: Actor, test: FinishedTest): Promise<string | null> {
  const verdict = (protocol: Protocol) =>
    test.report.protocols.find((report) => report.protocol === protocol)?.verdict ?? null;
  const { rows } = await pool().query<{ id: string }>({
    ...SAVE,
    values: [
      randomUUID(),
      test.emailAccountId,
      test.startedAt,
      Math.round(test.durationMs),
      test.verdict,
      JSON.stringify(test.report),
      verdict("imap"),
      verdict("smtp"),
      verdict("pop3"),
      actor.name,
    ],
  });
  return rows[0]?.id ?? null;
}
