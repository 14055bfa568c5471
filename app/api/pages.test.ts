import { beforeAll, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { listConnectionTestsOperation } from "@/lib/http/api/operations/connection-tests";
import { listContactListsOperation } from "@/lib/http/api/operations/contacts";
import { listIncidentsOperation } from "@/lib/http/api/operations/incidents";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor } from "@/lib/testing/api";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";

withDatabase();
const ada = administrator();
const MANY = 230;
const indexes = Array.from({ length: MANY }, (_, index) => index);
let key: string;
let emailAccountId: string;

const report = { username: "", emailAddress: "", protocols: [] };

beforeAll(async () => {
  key = await keyFor(["contacts:read", "incidents:read", "accounts:read"]);
  ({ id: emailAccountId } = await createEmailAccount(
    ada,
    accountForm({ modernAuthentication: false, password: "secret" }),
  ));
  await db().contactList.createMany({
    data: indexes.map((index) => ({ name: `List ${index}`, nameKey: `list ${index}` })),
  });
  await db().incident.createMany({
    data: indexes.map((index) => ({
      cause: `mail:${index}`,
      kind: "mail",
      remedyId: "mail.unreachable",
      subject: `Server ${index}`,
      accounts: index % 7,
      peakAccounts: 7,
    })),
  });
  await db().connectionTest.createMany({
    data: indexes.map((index) => ({
      emailAccountId,
      startedAt: new Date(Date.UTC(2026, 10, 1, 0, index % 60)),
      durationMs: 1,
      verdict: "ok",
      startedByName: "Ada",
      report,
    })),
  });
});

describe.each([
  ["contactLists", listContactListsOperation, [200, 30]],
  ["incidents", listIncidentsOperation, [200, 30]],
  ["connectionTests", listConnectionTestsOperation, [...Array(11).fill(20), 10]],
] as const)("the API's list of %s", (name, operation, sizes) => {
  const page = async (query: string) =>
    json(await call(operation, { key, params: { emailAccountId }, query }));

  test("has pages, and each of 230 rows is on one of them", async () => {
    const pages = [await page("")];
    for (let next = pages[0].next; next; next = pages.at(-1).next)
      pages.push(await page(`?after=${next}`));
    expect(pages.map((each) => each[name].length)).toEqual(sizes);
    const ids = pages.flatMap((each) => each[name].map(({ id }: { id: string }) => id));
    expect(new Set(ids).size).toBe(MANY);
    expect(pages[0].total).toEqual({ count: MANY, isCapped: false });
    const back = await page(`?before=${pages.at(-1).previous}`);
    expect(back[name]).toEqual(pages.at(-2)[name]);
  });

  test("is as long as it is asked to be, and refuses what makes no sense", async () => {
    expect((await page("?limit=3"))[name]).toHaveLength(3);
    for (const query of ["?limit=0", "?limit=1000", "?after=x", "?page=2"])
      expect(await page(query)).toMatchObject({ status: 422 });
  });
});
