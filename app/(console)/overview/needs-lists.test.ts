import { expect, test } from "vitest";
import { listByCause } from "@/lib/email-accounts/filters/queries";
import type { AccountsOfCause } from "@/lib/email-accounts/filters/schema";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { accountsOf } from "./needs";

withDatabase();
const ada = administrator();

/** The list behind a row, and the chip of its view, have what the row counts. */
async function expectListed(group: AccountsOfCause) {
  const href = accountsOf(group);
  const { searchParams } = new URL(href, "http://localhost");
  const list = await listEmailAccounts.open(ada, Object.fromEntries(searchParams));
  expect(list.unknown).toEqual([]);
  expect([href, list.total.count]).toEqual([href, group.accounts]);
  const chip = list.views.find(({ view }) => view === list.params.view);
  expect(chip?.count).toBe(group.accounts);
}

test("what has failed in common is told by provider, without one by server, and leads to the list of its accounts", async () => {
  await seedProvider({ accounts: 8, name: "Well" });
  const rows = await db().emailAccount.findMany({ orderBy: { nameKey: "asc" } });
  const failed = { imapVerdict: "failed", testFailureId: "imap.bye" };
  const password = { ...failed, modernAuthentication: false, cloudProviderId: null };
  const at = (host: string) => ({
    ...password,
    service: "custom",
    hosts: { imap: { host, port: 993 } },
  });
  const away = "postkey.identity_platform_unreachable";
  for (const [nth, data] of [
    { ...failed, testFailureId: null },
    failed,
    { usernameKey: "other@contoso.test" },
    at("mail.one.test"),
    at("mail.two.test"),
    at("mail.two.test"),
    { ...password, service: "yahoo", testFailureId: away },
  ].entries())
    await db().emailAccount.update({ where: { id: rows[nth]?.id ?? "" }, data });
  const groups = await listByCause(ada);
  const places = groups.map((each) => [
    ...[each.failedWith, each.accounts, each.isPlatforms],
    "server" in each ? each.server : each.provider,
  ]);
  expect(places.map(String).sort()).toEqual([
    "imap.bye,1,false,Well",
    "imap.bye,1,false,mail.one.test",
    "imap.bye,2,false,mail.two.test",
    `${away},1,true,Yahoo`,
    "postkey.not_signed_in,1,false,Well",
    "postkey.unexpected,1,false,Well",
  ]);
  for (const group of groups) await expectListed(group);
});
