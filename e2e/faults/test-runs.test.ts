import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { startTestRun } from "@/lib/checks/runs/mutations";
import { findTestRun } from "@/lib/checks/runs/queries";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { either, report } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount } from "@/lib/testing/sign-in";
import { buildKeeper, type KeeperProcess, startKeeper } from "./keeper-process";

const sandbox = withInstallation();
const ada = administrator();
const running = new Set<KeeperProcess>();
const { kills, accounts } = either({
  short: { kills: 4, accounts: 60 },
  long: { kills: 40, accounts: 600 },
});
let key: string | undefined;

beforeAll(async () => {
  // The product takes it out of its environment at the first use.
  key = process.env.POSTKEY_KEY;
  const { cloudProviderId } = await connectedAccount(ada, sandbox());
  for (let index = 1; index < accounts; index += 1) {
    const mailbox = `m${index}@contoso.test`;
    await createEmailAccount(ada, accountForm({ cloudProviderId, mailbox }));
  }
  await buildKeeper();
}, 120_000);

afterEach(async () => {
  for (const keeper of running) keeper.child.kill("SIGKILL");
  await Promise.all([...running].map((keeper) => keeper.ended));
  running.clear();
});

async function keeper(): Promise<KeeperProcess> {
  const started = startKeeper({ POSTKEY_KEY: key });
  running.add(started);
  await started.ready;
  return started;
}

/** As two minutes would. */
async function endLeases(): Promise<void> {
  await db().$executeRaw`UPDATE "TestRunItem" SET "leaseUntil" = now() WHERE "leaseUntil" > now()`;
  await db().$executeRaw`UPDATE "MailboxLease" SET until = now() WHERE until > now()`;
}

test(
  `a run of ${accounts} accounts ends although its keeper is killed ${kills} times`,
  async () => {
    sandbox().faults.set("mail_slow", { seconds: 0.05 });
    const { id } = await startTestRun(ada, { accounts: "all", search: "" });
    const isAtWork = async () => ((await findTestRun(ada, id))?.counts.running ?? 0) > 0;
    const isOver = async () => (await findTestRun(ada, id))?.finishedAt !== null;
    let killed = 0;
    let brokenOff = 0;
    while (killed < kills && !(await isOver())) {
      const { child, ended } = await keeper();
      await expect.poll(isAtWork, { timeout: 60_000, interval: 20 }).toBe(true);
      await sleep(Math.random() * SECOND_MS);
      child.kill("SIGKILL");
      await ended;
      killed += 1;
      brokenOff += (await findTestRun(ada, id))?.counts.running ?? 0;
      await endLeases();
    }
    await keeper();
    await expect.poll(isOver, { timeout: 120_000, interval: 100 }).toBe(true);
    const { counts } = (await findTestRun(ada, id)) ?? {};
    expect(counts).toMatchObject({ pending: 0, running: 0, skipped: 0 });
    expect((counts?.ok ?? 0) + (counts?.failed ?? 0)).toBe(accounts);
    const reports = await db().connectionTest.groupBy({ by: ["emailAccountId"], _count: true });
    // One over which its keeper died again and again is given up, and says so.
    const givenUp = await db().testRunItem.count({ where: { failureId: "postkey.unexpected" } });
    expect(reports.map(({ _count }) => _count)).toEqual(Array(accounts - givenUp).fill(1));
    expect(brokenOff).toBeGreaterThan(0);
    report("a run whose keeper is killed", {
      accounts,
      kills: killed,
      "broken off": brokenOff,
      "given up": givenUp,
    });
  },
  either({ short: 120_000, long: 600_000 }),
);
