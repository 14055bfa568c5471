import type { PgBoss } from "pg-boss";
import { takeDueTests } from "@/lib/email-accounts/test-schedule/store";
import { db } from "@/lib/kernel/db";
import { countInLine, TESTS, within } from "./boss";

/** Per provider or server. More wait in the rows: no provider stands in front of another one. */
const IN_LINE_PER_GROUP = 12;
const AT_ONCE = 500;

/**
 * Puts the accounts whose scheduled test is due in line. In one transaction with the time of their
 * next one: whoever dies in the middle leaves them due, and nothing is in line twice.
 *
 * @returns how many
 */
export async function putDueTestsInLine(boss: PgBoss): Promise<number> {
  return db().$transaction(async (tx) => {
    const inLine = await countInLine(tx, TESTS);
    const due = await takeDueTests(tx, { inLine, perGroup: IN_LINE_PER_GROUP, atMost: AT_ONCE });
    const jobs = due.map(({ emailAccountId, group, mailbox }) => ({
      data: { emailAccountId },
      singletonKey: mailbox,
      group: { id: group },
    }));
    if (jobs.length > 0) await boss.insert(TESTS, jobs, within(tx));
    return jobs.length;
  });
}
