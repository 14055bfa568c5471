import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { startTestRun } from "./mutations";
import { findTestRun, foreseeTestRun } from "./queries";

withDatabase();
const ada = administrator();
let testRunId: string;
let contoso: string;
let fabrikam: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
  contoso = await seedProvider({ accounts: 7, name: "Contoso" });
  fabrikam = await seedProvider({ accounts: 1, name: "Fabrikam" });
  const run = { startedByName: "Ada", total: 8, parallelism: 2 };
  ({ id: testRunId } = await db().testRun.create({ data: run }));
});

const failWith = async (failureId: string | null) => {
  const accounts = await db().emailAccount.findMany({ select: { id: true } });
  const item = { testRunId, state: "failed", failureId };
  const data = accounts.map(({ id }) => ({ ...item, emailAccountId: id }));
  await db().testRunItem.createMany({ data });
};
const groupsOf = async () => (await findTestRun(ada, testRunId))?.groups ?? [];
test("one secret that expired at each of two providers has a button for each of them", async () => {
  await failWith("AADSTS7000222");
  const [first, second] = await groupsOf();
  expect(first).toMatchObject({ providerName: "Contoso", accounts: 7 });
  expect(first?.named).toHaveLength(5);
  expect(first?.remedy.buttons?.map(({ does }) => does)).toMatchObject([
    { opens: `/settings/cloud-providers/${contoso}?open=secret` },
    expect.anything(),
    { testsFailed: first?.failed },
  ]);
  expect(second).toMatchObject({ providerName: "Fabrikam", accounts: 1 });
});

test("Test again starts a run of exactly its group", async () => {
  await failWith(null);
  const [group] = await groupsOf();
  expect(group).toMatchObject({ failedWith: "postkey.unexpected", accounts: 7 });
  const of = { failedInTestRun: testRunId, failedWith: group?.failedWith };
  const all = { accounts: "all", search: "", cloudProviderId: fabrikam } as const;
  const { id } = await startTestRun(ada, { ...all, ...of });
  expect(await db().testRun.findUnique({ where: { id } })).toMatchObject({ total: 1 });
  const none = { accounts: "all", search: "", failedInTestRun: testRunId } as const;
  await expect(startTestRun(ada, { ...none, failedWith: "imap.x" })).rejects.toMatchObject({
    code: "unprocessable",
  });
});

describe("before it begins", () => {
  const all = { accounts: "all", search: "" } as const;

  beforeEach(async () => {
    await db().emailAccount.deleteMany();
    await db().testRun.deleteMany();
    await seedProvider({ accounts: 40 });
  });

  test("a run says before how many accounts it would test, and which it would leave out", async () => {
    const inactive = await db().emailAccount.findMany({ take: 3, select: { id: true } });
    const ids = inactive.map(({ id }) => id);
    await db().emailAccount.updateMany({ where: { id: { in: ids } }, data: { active: false } });
    const foreseen = { accounts: 37, inactive: 3, unsigned: 0, minutes: null };
    expect(await foreseeTestRun(ada, all)).toMatchObject(foreseen);
  });

  test("accounts that were ticked are all tested, inactive ones too, as the run does", async () => {
    const rows = await db().emailAccount.findMany({ take: 5, select: { id: true } });
    const emailAccountIds = rows.map(({ id }) => id);
    const inactive = { id: { in: emailAccountIds.slice(0, 2) } };
    await db().emailAccount.updateMany({ where: inactive, data: { active: false } });
    const ticked = { accounts: "selected", emailAccountIds } as const;
    expect(await foreseeTestRun(ada, ticked)).toMatchObject({
      accounts: 5,
      inactive: 0,
      unsigned: 0,
    });
    const { id, leftOut } = await startTestRun(ada, ticked);
    expect(leftOut).toBe(0);
    expect(await db().testRunItem.count({ where: { testRunId: id } })).toBe(5);
  });

  describe("what failed in a run", () => {
    let ids: string[];
    let testRunId: string;

    beforeEach(async () => {
      ids = (await db().emailAccount.findMany({ take: 4 })).map(({ id }) => id);
      const run = { startedByName: "Ada", total: 4, parallelism: 2 };
      ({ id: testRunId } = await db().testRun.create({ data: run }));
      const states = ["failed", "ok", "failed", "skipped"];
      await db().testRunItem.createMany({
        data: ids.map((id, nth) => ({ testRunId, emailAccountId: id, state: states[nth] ?? "" })),
      });
    });

    const again = () => startTestRun(ada, { ...all, failedInTestRun: testRunId });

    test("is tested again, and nothing else", async () => {
      const { id: first, leftOut } = await again();
      expect(leftOut).toBe(0);
      const items = await db().testRunItem.findMany({ where: { testRunId: first } });
      const tested = items.map(({ emailAccountId }) => emailAccountId);
      expect(tested.sort()).toEqual([ids[0], ids[2]].sort());
      // What was deleted since is left out, and when none is left, that is said.
      await db().emailAccount.delete({ where: { id: ids[0] ?? "" } });
      const { id } = await again();
      expect(await db().testRun.findUnique({ where: { id } })).toMatchObject({ total: 1 });
      await db().emailAccount.delete({ where: { id: ids[2] ?? "" } });
      await expect(again()).rejects.toMatchObject({ code: "unprocessable" });
    });
  });
});
