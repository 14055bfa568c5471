import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { startTestRun } from "../mutations";
import { findTestRun } from "../queries";
import type { TestRunGroup } from "../schema";

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
  await db().testRunItem.createMany({
    data: accounts.map(({ id }) => ({
      testRunId,
      emailAccountId: id,
      state: "failed",
      failureId,
    })),
  });
};
const groupsOf = async () => (await findTestRun(ada, testRunId))?.groups ?? [];
const labels = (group: TestRunGroup | undefined) =>
  group?.remedy.buttons?.map(({ label }) => label);

test("one secret that expired at each of two providers has a button for each of them", async () => {
  await failWith("AADSTS7000222");
  const [first, second] = await groupsOf();
  expect(first).toMatchObject({ providerName: "Contoso", accounts: 7 });
  expect(first?.named).toHaveLength(5);
  expect(first?.remedy.buttons).toMatchObject([
    {
      label: "Update Client Secret",
      does: { opens: `/settings/cloud-providers/${contoso}?open=secret` },
    },
    { label: "Check" },
    { label: "Test again", does: { testsFailed: first?.failed } },
  ]);
  expect(second).toMatchObject({ providerName: "Fabrikam", accounts: 1 });
});

test("one account is signed in and edited by its own buttons, and tested again as its group", async () => {
  await failWith("AADSTS50173");
  const [many, one] = await groupsOf();
  expect(labels(many)).toEqual(["Open the accounts", "Create 7 sign-in links", "Test again"]);
  expect(labels(one)).toEqual(["Sign in as m1@contoso.test", "Create sign-in link", "Test again"]);
});

test("a delegate who opens all of them signs in by one button", async () => {
  const delegate = { username: "Dora@contoso.test", usernameKey: "dora@contoso.test" };
  await db().emailAccount.updateMany({ where: { cloudProviderId: contoso }, data: delegate });
  await failWith("AADSTS50173");
  expect(labels((await groupsOf())[0])).toEqual([
    "Sign in as Dora@contoso.test",
    "Create sign-in link",
    "Test again",
  ]);
});

test("a command names every account of its group, not only those that the page names", async () => {
  await failWith("smtp.auth_disabled_mailbox");
  const [{ remedy } = { remedy: null }] = await groupsOf();
  for (const nth of [1, 2, 3, 4, 5, 6, 7])
    expect(remedy?.command?.text).toContain(`m${nth}@contoso.test`);
});

test("Test again starts a run of exactly its group", async () => {
  await failWith(null);
  const [group] = await groupsOf();
  expect(group).toMatchObject({ failedWith: "postkey.unexpected", accounts: 7 });
  const failedWith = group?.failedWith;
  const { id } = await startTestRun(ada, {
    accounts: "all",
    search: "",
    failedInTestRun: testRunId,
    failedWith,
    cloudProviderId: fabrikam,
  });
  expect(await db().testRun.findUnique({ where: { id } })).toMatchObject({ total: 1 });
  const none = { accounts: "all", search: "", failedInTestRun: testRunId } as const;
  await expect(startTestRun(ada, { ...none, failedWith: "imap.x" })).rejects.toMatchObject({
    code: "unprocessable",
  });
});

test("a cause that happened at a host names it, by the reports", async () => {
  await failWith("dns.not_found");
  const where = { cloudProviderId: fabrikam };
  const { id: emailAccountId } = await db().emailAccount.findFirstOrThrow({ where });
  const failure = { remedyId: "dns.not_found", retryable: false };
  const stage = { protocol: "imap", stage: "resolve", status: "failed", durationMs: 1 };
  const stages = [{ ...stage, facts: { host: "mail.nosuch.invalid" }, failure }];
  const imap = { protocol: "imap", verdict: "failed", stages, totalMs: 1, failure };
  const { id } = await db().connectionTest.create({
    data: {
      emailAccountId,
      durationMs: 1,
      verdict: "failed",
      report: { username: "m1", emailAddress: "m1@contoso.test", protocols: [imap] },
      startedByName: "Ada",
    },
  });
  await db().testRunItem.updateMany({
    where: { testRunId, emailAccountId },
    data: { connectionTestId: id },
  });
  const titles = (await groupsOf()).map(({ remedy }) => remedy.title);
  expect(titles).toEqual([
    "The mail server's name does not exist.",
    "The mail server's name does not exist: mail.nosuch.invalid.",
  ]);
});
