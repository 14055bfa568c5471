import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { counted } from "@/lib/kernel/text/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import {
  cancelTestRunSchema,
  type LeftOut,
  MAX_TESTED,
  type StartTestRun,
  TOO_MANY_TO_TEST,
} from "./schema";
import { runOf } from "./store";
import { leftOutText } from "./told";

/** The keeper tests the accounts that a search finds now. @throws AppError unprocessable for none or too many */
export async function startTestRun(
  actor: Actor,
  input: StartTestRun,
  { isFresh = false }: { isFresh?: boolean } = {},
): Promise<{ id: string; leftOut: number }> {
  requirePermission(actor, "accounts:test");
  const id = randomUUID();
  const { testsAtOnce: parallelism } = env();
  const { selected, state } = runOf(input, actor);
  const put: LeftOut & { pending: number } = { pending: 0, unsigned: 0, inactive: 0 };
  await db().$transaction(async (tx) => {
    // By the database's clock, as tokens are renewed: those of before are not fresh.
    await tx.$executeRaw`
      INSERT INTO "TestRun" (id, "startedByName", total, parallelism, "freshTokens", "createdAt")
      VALUES (${id}::uuid, ${actor.name}, 0, ${parallelism}, ${isFresh}, now())`;
    const counts = await tx.$queryRaw<{ state: keyof typeof put; count: number }[]>`
      WITH put AS (
        INSERT INTO "TestRunItem" ("testRunId", "emailAccountId", state)
        SELECT ${id}::uuid, e.id, ${state} FROM "EmailAccount" e WHERE ${selected}
        ORDER BY e."nameKey", e.id RETURNING state
      ) SELECT state, count(*)::int AS count FROM put GROUP BY state`;
    for (const { state: begins, count } of counts) put[begins] = count;
    const { pending: total } = put;
    if (total === 0) throw nothingToTest(put);
    if (total > MAX_TESTED) throw new AppError("unprocessable", TOO_MANY_TO_TEST);
    await tx.testRun.update({ where: { id }, data: { total }, select: { id: true } });
    await tell(tx, actor, { action: "test_run.start", id, total });
  });
  return { id, leftOut: put.unsigned + put.inactive };
}

function nothingToTest(leftOut: LeftOut): AppError {
  const why = leftOutText(leftOut);
  const message = `There is nothing to test${why && `: ${why}`}.`;
  return new AppError("unprocessable", message);
}

/** The keeper breaks off what is running. @throws AppError not_found, conflict when it is over */
export const cancelTestRun = command({
  input: cancelTestRunSchema,
  permission: "accounts:test",
  async run({ tx, actor }, { testRunId: id }): Promise<void> {
    const [run] = await tx.testRun.updateManyAndReturn({
      where: { id, cancelledAt: null, finishedAt: null },
      data: { cancelledAt: wallTime() },
      select: { total: true },
    });
    if (!run) throw await notRunning(id);
    await tx.testRunItem.updateMany({
      where: { testRunId: id, state: "pending" },
      data: { state: "skipped" },
    });
    await tell(tx, actor, { action: "test_run.cancel", id, total: run.total });
  },
});

async function notRunning(id: string): Promise<AppError> {
  const exists = (await db().testRun.count({ where: { id } })) > 0;
  if (!exists) return new AppError("not_found", "This test run no longer exists.");
  return new AppError("conflict", "This test run has ended.");
}

type Change = { action: string; id: string; total: number };

async function tell(tx: Transaction, actor: Actor, { action, id, total }: Change): Promise<void> {
  const object = { kind: "test_run", id, name: counted(total, "account") };
  await recordAudit(tx, actor, { action, object });
  await publish(tx, { type: "test_run", id });
}
