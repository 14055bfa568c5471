import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { startTestRun } from "./mutations";
import { foreseeTestRun } from "./queries";

withDatabase();
const ada = administrator();
const all = { accounts: "all", search: "" } as const;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().testRun.deleteMany();
  await seedProvider({ accounts: 40 });
});

const addRun = (data: { total: number; minutes: number; cancelledAt?: Date }) => {
  const { total, minutes, ...rest } = data;
  const finishedAt = new Date();
  const createdAt = new Date(finishedAt.getTime() - minutes * 60_000);
  return db().testRun.create({
    data: { startedByName: "Ada", parallelism: 8, total, createdAt, finishedAt, ...rest },
  });
};

test("a run says before how many accounts it would test, and which it would leave out", async () => {
  const inactive = await db().emailAccount.findMany({ take: 3, select: { id: true } });
  const ids = inactive.map(({ id }) => id);
  await db().emailAccount.updateMany({ where: { id: { in: ids } }, data: { active: false } });
  expect(await foreseeTestRun(ada, all)).toMatchObject({ accounts: 37, leftOut: 3, minutes: null });
});

test("accounts that were ticked are all tested, inactive ones too, as the run does", async () => {
  const rows = await db().emailAccount.findMany({ take: 5, select: { id: true } });
  const emailAccountIds = rows.map(({ id }) => id);
  const inactive = { id: { in: emailAccountIds.slice(0, 2) } };
  await db().emailAccount.updateMany({ where: inactive, data: { active: false } });
  const ticked = { accounts: "selected", emailAccountIds } as const;
  expect(await foreseeTestRun(ada, ticked)).toMatchObject({ accounts: 5, leftOut: 0 });
  const { id, leftOut } = await startTestRun(ada, ticked);
  expect(leftOut).toBe(0);
  expect(await db().testRunItem.count({ where: { testRunId: id } })).toBe(5);
});

test("it takes as long as the last whole run of many would let one expect", async () => {
  await addRun({ total: 20, minutes: 10 });
  await addRun({ total: 19, minutes: 1 });
  await addRun({ total: 400, minutes: 1, cancelledAt: new Date() });
  expect(await foreseeTestRun(ada, all)).toMatchObject({ accounts: 40, minutes: 20 });
});
