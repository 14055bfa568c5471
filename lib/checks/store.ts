import type { Protocol } from "@/lib/egress/protocols/schema";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { connectionSettings } from "@/lib/email-accounts/mailbox/queries";
import { type AccountState, FAILED_TEST_BACKOFF } from "@/lib/email-accounts/schema";
import { nextTestAt } from "@/lib/email-accounts/test-schedule/store";
import type { Actor } from "@/lib/kernel/actor";
import { asLongAsFailing } from "@/lib/kernel/backoff";
import { pool } from "@/lib/kernel/db";
import { LEASES } from "@/lib/kernel/leases";
import { mailboxKey } from "@/lib/sign-ins/identities";
import { KEPT_DAYS } from "./retention";
import type { ConnectionReport, TestVerdict } from "./schema";

type FinishedTest = {
  id: string;
  account: Pick<MailboxAccount, "id" | "settings" | "candidate">;
  durationMs: number;
  sinceMs: number;
  verdict: TestVerdict;
  report: ConnectionReport;
  /** Whose name SMTP took, where there was a choice. */
  smtpUser: "login" | "mailbox" | null;
};

type SavedTest = { id: string; state: AccountState };

/** By the clock of the database, which also decides what is too old and is deleted. */
const STARTED_AT = `(now() - make_interval(secs => $14::float8 / 1000))`;

const NEXT = nextTestAt.sql;
const PUT_OFF = asLongAsFailing(`${STARTED_AT} - "testFailingSince"`, FAILED_TEST_BACKOFF);

const IS_STORED = `EXISTS (SELECT 1 FROM "ConnectionTest" WHERE id = $1::uuid)`;

/** Whether `e` was given other settings meanwhile, whose own test may have ended since. */
const IS_OF_BEFORE = `(${connectionSettings("e")} <> $13::text)`;

/**
 * In one statement, because tests run often and at once. A deleted account gets no report, and one with
 * other settings does not stand by it. A scheduled test that failed is repeated soon, then ever more
 * rarely. A test that became due meanwhile is another one.
 */
const SAVE = {
  name: "save-connection-test",
  text: `WITH tested AS (
      UPDATE "EmailAccount" e SET "lastTestedAt" = ${STARTED_AT}, "imapVerdict" = $6, "smtpVerdict" = $7, "pop3Verdict" = $8,
        "testFailureId" = $10::text, "smtpUser" = coalesce($11, "smtpUser"),
        "testFailingSince" = CASE WHEN $10::text IS NOT NULL THEN coalesce("testFailingSince", ${STARTED_AT}) END,
        "nextTestAt" = CASE WHEN "nextTestAt" > ${STARTED_AT} AND "nextTestAt" <= now() THEN "nextTestAt"
          WHEN $10::text IS NOT NULL AND "testSchedule" <> 'off' THEN least(${NEXT}, now() + ${PUT_OFF})
          ELSE ${NEXT} END
      WHERE id = $2 AND NOT ${IS_STORED} AND ${IS_OF_BEFORE} IS NOT TRUE RETURNING id, state
    ), account AS (
      SELECT id, state FROM tested UNION ALL
      SELECT id, state FROM "EmailAccount" e WHERE id = $2 AND NOT ${IS_STORED} AND ${IS_OF_BEFORE}
    ), saved AS (
      INSERT INTO "ConnectionTest" (id, "emailAccountId", "startedAt", "durationMs", verdict, report, "startedByName")
      SELECT $1::uuid, id, ${STARTED_AT}, $3, $4, $5, $9 FROM account RETURNING id
    ), released AS (
      DELETE FROM "MailboxLease" WHERE owner = $1::uuid
    ), told AS (
      INSERT INTO "Event" (type, payload)
      SELECT 'email_account', jsonb_build_object('id', id) FROM account WHERE NOT $12
    )
    SELECT saved.id, account.state FROM saved JOIN account ON TRUE`,
};

/** @returns null when the account is gone, or it was stored before @permission none: a part of testConnection. */
export async function saveConnectionTest(
  actor: Actor,
  test: FinishedTest,
  { isOneOfMany }: { isOneOfMany: boolean },
): Promise<SavedTest | null> {
  const verdict = (protocol: Protocol) =>
    test.report.protocols.find((report) => report.protocol === protocol)?.verdict ?? null;
  const statement = {
    ...SAVE,
    values: [
      test.id,
      test.account.id,
      Math.round(test.durationMs),
      test.verdict,
      JSON.stringify(test.report),
      verdict("imap"),
      verdict("smtp"),
      verdict("pop3"),
      actor.name,
      failureToLookAt(test.report),
      test.smtpUser,
      isOneOfMany,
      // A candidate is tested as it will be, and is saved before its report.
      test.account.candidate ? null : test.account.settings,
      test.sinceMs,
    ],
  };
  const save = async () => (await pool().query<SavedTest>(statement)).rows[0] ?? null;
  // It saw the account as it was before an edit that it then waited for: what is stored is not stored twice.
  return (await save()) ?? (await save());
}

/** What a person has to mend comes before what may pass by itself. */
export function failureToLookAt({ protocols }: ConnectionReport): string | null {
  const failures = protocols.flatMap(({ failure }) => (failure ? [failure] : []));
  return (failures.find(({ retryable }) => !retryable) ?? failures[0])?.remedyId ?? null;
}

type MailboxOwner = { emailAccountId: string; owner: string };

/** Longer than any test takes: what a process that died left behind ends automatically. */
export const TEST_LEASE = LEASES.connectionTest;

const TAKE = {
  name: "take-mailbox",
  text: `INSERT INTO "MailboxLease" AS l (mailbox, owner, until)
    SELECT ${mailboxKey("e")}, $2, ${TEST_LEASE.until} FROM "EmailAccount" e WHERE e.id = $1
    ON CONFLICT (mailbox) DO UPDATE SET owner = excluded.owner, until = excluded.until
    WHERE ${TEST_LEASE.isFree("l.until")} OR l.owner = excluded.owner`,
};

/** Under the id of its report. @returns whether it is free */
export async function takeMailbox({ emailAccountId, owner }: MailboxOwner): Promise<boolean> {
  const { rowCount } = await pool().query({ ...TAKE, values: [emailAccountId, owner] });
  return rowCount === 1;
}

/** For a test whose report was not stored, which releases it as well. */
export async function releaseMailbox(owner: string): Promise<void> {
  await pool().query(`DELETE FROM "MailboxLease" WHERE owner = $1`, [owner]);
}

const DELETED_AT_ONCE = 5_000;
const MAX_ROUNDS = 40;

/** In small batches: other keepers do it too. Each account keeps its last ones. */
export async function deleteOldTests(): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { rowCount } = await pool().query(
      // Ends: One batch after the other, to the end.
      `DELETE FROM "ConnectionTest" WHERE id IN (
        SELECT t.id FROM "ConnectionTest" t JOIN "EmailAccount" e ON e.id = t."emailAccountId"
        WHERE t."startedAt" < least(coalesce(e."lastTestedAt", (SELECT max(l."startedAt") FROM "ConnectionTest" l
          WHERE l."emailAccountId" = e.id)), now()) - make_interval(days => ${KEPT_DAYS})
        LIMIT ${DELETED_AT_ONCE} FOR UPDATE OF t SKIP LOCKED)`,
    );
    if ((rowCount ?? 0) < DELETED_AT_ONCE) return;
  }
}
