import { expect, test } from "vitest";
import { findLastConnectionTest } from "@/lib/checks/queries";
import type { TestEvent } from "@/lib/checks/schema";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { connectionTestStream } from "./connection-test-stream";

const sandbox = withInstallation();
const ada = administrator();

/** A machine that is busy takes longer for a stage than it did before, which is told as well. */
function withoutTimes(event: TestEvent): TestEvent {
  if (event.type !== "comparison" || event.comparison === null) return event;
  const { comparison } = event;
  const differences = comparison.differences.filter(({ now }) => !now?.endsWith(" ms"));
  return { ...event, comparison: { ...comparison, differences } };
}

test("the stream ends with what differs from the last good test before it", async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const account = await findMailboxAccount(ada, emailAccountId);
  const run = async () => {
    const requestSignal = new AbortController().signal;
    const stream = connectionTestStream(ada, account, { requestSignal, renewsFirst: false });
    const lines = (await stream.text()).trim().split("\n");
    return lines.map((line) => JSON.parse(line) as TestEvent).slice(-2);
  };
  expect(await run()).toMatchObject([{ type: "protocol" }, { type: "finished", verdict: "ok" }]);
  const first = await findLastConnectionTest(ada, emailAccountId);
  const goodAt = first?.startedAt.toISOString();
  expect((await run()).map(withoutTimes)).toMatchObject([
    { type: "comparison", comparison: { goodAt, differences: [] } },
    { type: "finished", verdict: "ok" },
  ]);
  // The second did not work: the first is still the last good one.
  await pool().query(`UPDATE "ConnectionTest" SET verdict = 'failed' WHERE id <> $1`, [first?.id]);
  await pool().query(`UPDATE "ConnectionTest" SET report = report || '{"username": "old"}'`);
  const [compared] = await run();
  const differences = [{ what: "User name", before: "old", now: account.username }];
  expect(compared && withoutTimes(compared)).toMatchObject({
    type: "comparison",
    comparison: { goodAt, differences },
  });
  const last = await findLastConnectionTest(ada, emailAccountId);
  // What is shown afterwards is what the stream said, times included.
  const told = compared?.type === "comparison" ? compared.comparison?.differences : undefined;
  expect(last?.comparison).toEqual({ goodAt: first?.startedAt, differences: told });
});
