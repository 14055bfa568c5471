import { beforeEach, describe, expect, test } from "vitest";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { startTestRun } from "./mutations";
import { findTestRun, foreseeTestRun } from "./queries";

withDatabase();
const ada = administrator();
let testRunId: string;
let contoso: string;
let fabrikam: string;

beforeEach(async () => {
  await empty("EmailAccount", "CloudProvider");
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
    await empty("EmailAccount", "TestRun");
    await seedProvider({ accounts: 40 });
  });

  test("a run leaves out who never signed in, and inactive accounts unless ticked, and says who that is", async () => {
    const rows = await db().emailAccount.findMany({ take: 6, orderBy: { nameKey: "asc" } });
    const emailAccountIds = rows.map(({ id }) => id);
    const [unsigned = "", both = "", inactive = ""] = emailAccountIds;
    const usernames = rows.slice(0, 2).map(({ username }) => username);
    await db().authorization.deleteMany({ where: { username: { in: usernames } } });
    const where = { id: { in: [both, inactive] } };
    await db().emailAccount.updateMany({ where, data: { active: false } });
    for (const [input, pending, counts, left] of [
      [
        { accounts: "selected", emailAccountIds },
        4,
        { unsigned: 2, inactive: 0 },
        [unsigned, both],
      ],
      [all, 37, { unsigned: 1, inactive: 2 }, [unsigned, both, inactive]],
    ] as const) {
      const foreseen = { accounts: pending, ...counts, minutes: null };
      expect(await foreseeTestRun(ada, input)).toMatchObject(foreseen);
      const { id, leftOut } = await startTestRun(ada, input);
      expect(leftOut).toBe(left.length);
      const run = { total: pending, counts: { pending, ...counts } };
      expect(await findTestRun(ada, id)).toMatchObject(run);
      const found = await listEmailAccounts(ada, { leftOutOfTestRun: id });
      expect(found.rows.map((each) => each.id).sort()).toEqual([...left].sort());
    }
    await expect(
      startTestRun(ada, { accounts: "selected", emailAccountIds: [unsigned] }),
    ).rejects.toThrow("There is nothing to test: 1 never signed in.");
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
