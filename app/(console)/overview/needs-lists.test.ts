import { expect, test } from "vitest";
import { listByCause } from "@/lib/email-accounts/filters/queries";
import { readAccountFilters } from "@/lib/email-accounts/filters/read";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { accountsOf } from "./needs";

withDatabase();
const ada = administrator();

async function listedAt(href: string) {
  const { searchParams } = new URL(href, "http://localhost");
  const { filters, unknown } = readAccountFilters(Object.fromEntries(searchParams));
  expect(unknown).toEqual([]);
  const params = { search: "", sort: "name", direction: "asc", ...filters } as const;
  return (await listEmailAccounts(ada, params)).total.count;
}

test("what has failed in common is told by provider, without one by server, and leads to the list of its accounts", async () => {
  const cloudProviderId = await seedProvider({ accounts: 8, name: "Well" });
  const rows = await db().emailAccount.findMany({ orderBy: { nameKey: "asc" } });
  const set = (nth: number, data: object) =>
    db().emailAccount.update({ where: { id: rows[nth]?.id ?? "" }, data });
  await set(0, { imapVerdict: "failed", testFailureId: null });
  await set(1, { imapVerdict: "failed", testFailureId: "imap.bye" });
  await set(2, { usernameKey: "other@contoso.test" });
  const failed = { imapVerdict: "failed", testFailureId: "imap.bye" };
  const password = { ...failed, modernAuthentication: false, cloudProviderId: null };
  const at = (host: string) => ({ service: "custom", hosts: { imap: { host, port: 993 } } });
  await set(3, { ...password, ...at("mail.one.test") });
  for (const nth of [4, 5]) await set(nth, { ...password, ...at("mail.two.test") });
  await set(6, {
    ...password,
    service: "yahoo",
    testFailureId: "postkey.identity_platform_unreachable",
  });

  const groups = await listByCause(ada);
  const well = { cloudProviderId, provider: "Well", cloud: "Global (and GCC)" };
  const without = { cloudProviderId: null, service: "custom" };
  expect(groups).toHaveLength(6);
  for (const [failedWith, accounts, place, isPlatforms] of [
    ["imap.bye", 2, { ...without, server: "mail.two.test" }, false],
    ["imap.bye", 1, { ...without, server: "mail.one.test" }, false],
    ["imap.bye", 1, well, false],
    ["postkey.unexpected", 1, well, false],
    ["postkey.not_signed_in", 1, well, false],
    [
      "postkey.identity_platform_unreachable",
      1,
      { ...without, service: "yahoo", server: "Yahoo" },
      true,
    ],
  ] as const)
    expect(groups).toContainEqual({ failedWith, accounts, ...place, isPlatforms });

  // The servers of custom accounts are no filter: their list has those of both.
  const counts = new Map<string, number>();
  for (const group of groups)
    counts.set(accountsOf(group), (counts.get(accountsOf(group)) ?? 0) + group.accounts);
  expect([...counts.values()].sort()).toEqual([1, 1, 1, 1, 3]);
  for (const [href, count] of counts) expect([href, await listedAt(href)]).toEqual([href, count]);
});
