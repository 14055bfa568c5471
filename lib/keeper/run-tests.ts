import type { Job, PgBoss } from "pg-boss";
import { testAlone } from "@/lib/checks/run-alone";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { mintActor } from "@/lib/kernel/mint-actor";
import { TESTS } from "./boss";
import { putDueTestsInLine } from "./due-tests";
import { startLoop } from "./loop";

const POLL_MS = SECOND_MS;
/** Per provider or server, in all keepers together: Exchange throttles whoever comes with more. */
const AT_ONCE_PER_GROUP = 3;

const actor = mintActor({
  kind: "job",
  id: "scheduled-tests",
  name: "Postkey",
  permissions: new Set(["accounts:test"]),
});

type TestJob = { emailAccountId: string };

/**
 * Runs the scheduled connection tests, so many at once, the free places filled every second.
 * @returns what stops it: tests that run are broken off and are in line again
 */
export function startTests(boss: PgBoss): () => Promise<void> {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const stopLoop = startLoop("scheduled tests", POLL_MS, async () => {
    await putDueTestsInLine(boss);
    const batchSize = env().testParallelism - running.size;
    if (batchSize <= 0) return;
    const options = { batchSize, groupConcurrency: AT_ONCE_PER_GROUP };
    for (const job of await boss.fetch<TestJob>(TESTS, options)) {
      const run = runJob(boss, job, stopping.signal).finally(() => running.delete(run));
      running.add(run);
    }
  });
  return async () => {
    stopping.abort();
    await stopLoop();
    await Promise.all(running);
  };
}

async function runJob(boss: PgBoss, job: Job<TestJob>, signal: AbortSignal): Promise<void> {
  const attempt = { id: job.id, retryCount: job.retryCount };
  try {
    await runTest(job, signal);
    await boss.complete(TESTS, attempt);
  } catch (error) {
    log.warn({ error, emailAccountId: job.data.emailAccountId }, "scheduled test broke off");
    const message = error instanceof Error ? error.message : "unknown";
    await boss.fail(TESTS, attempt, { message }).catch(() => {});
  }
}

/** The report has the job's id: a job that is run again after a crash stores no second one. */
async function runTest({ id, data }: Job<TestJob>, signal: AbortSignal): Promise<void> {
  const account = await findMailboxAccount(actor, data.emailAccountId).catch(orGone);
  if (!account) return;
  await testAlone(actor, account, { signal, onEvent: () => {}, connectionTestId: id });
  if (signal.aborted) throw new Error("The keeper stops.");
}

/** Null for an account that was deleted. @throws any other error */
export function orGone(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
