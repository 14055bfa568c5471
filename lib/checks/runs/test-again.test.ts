import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { startTestRun } from "./mutations";

withDatabase();
const ada = administrator();
let ids: string[];
let testRunId: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await seedProvider({ accounts: 4 });
  ids = (await db().emailAccount.findMany({ orderBy: { nameKey: "asc" } })).map(({ id }) => id);
  const run = { startedByName: "Ada", total: 4, parallelism: 2 };
  ({ id: testRunId } = await db().testRun.create({ data: run }));
  const states = ["failed", "ok", "failed", "skipped"];
  await db().testRunItem.createMany({
    data: ids.map((emailAccountId, nth) => ({
      testRunId,
      emailAccountId,
      state: states[nth] ?? "",
    })),
  });
});

const again = () => startTestRun(ada, { accounts: "all", search: "", failedInTestRun: testRunId });

test("what failed in a run is tested again, and nothing else", async () => {
  const { id, leftOut } = await again();
  expect(leftOut).toBe(0);
  const items = await db().testRunItem.findMany({ where: { testRunId: id } });
  expect(items.map(({ emailAccountId }) => emailAccountId).sort()).toEqual([ids[0], ids[2]].sort());
  expect(await db().testRun.findUnique({ where: { id } })).toMatchObject({ total: 2 });
});

test("accounts that were deleted since are left out; when none is left, that is said", async () => {
  await db().emailAccount.delete({ where: { id: ids[0] ?? "" } });
  const { id } = await again();
  expect(await db().testRun.findUnique({ where: { id } })).toMatchObject({ total: 1 });
  await db().emailAccount.delete({ where: { id: ids[2] ?? "" } });
  await expect(again()).rejects.toMatchObject({
    code: "unprocessable",
    message: "There are no accounts to test.",
  });
});
