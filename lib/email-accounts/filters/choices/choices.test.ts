import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/kernel/db";
import { COUNT_CAP } from "@/lib/kernel/paging/schema";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import {
  searchDelegates,
  searchListsOfAccounts,
  searchProvidersOfAccounts,
  searchSchedulesOfAccounts,
  searchServicesOfAccounts,
} from "./queries";

withDatabase();
const ada = administrator();
const MANY = COUNT_CAP + 1;

beforeAll(async () => {
  await seedProvider({ name: "Contoso", accounts: MANY });
  await seedProvider({ name: "Fabrikam", accounts: 1 });
  await seedProvider({ name: "Unused", accounts: 0 });
  await pool().query(`INSERT INTO "ContactList" (id, name, "nameKey")
    SELECT gen_random_uuid(), n, lower(n) FROM unnest('{Sales,Support}'::text[]) n`);
  const seven = `SELECT id FROM "EmailAccount" ORDER BY "nameKey", id LIMIT 7`;
  await pool().query(`UPDATE "EmailAccount" SET "contactListId" = (SELECT id FROM "ContactList" WHERE name = 'Sales'),
    "usernameKey" = 'dave@contoso.test', "testSchedule" = 'hourly', service = 'gmail' WHERE id IN (${seven})`);
});

const told = async (find: typeof searchDelegates, search = "") =>
  (await find(ada, search)).found.map(({ name, detail }) => `${name}: ${detail}`);

test.each([
  [
    "providers",
    searchProvidersOfAccounts,
    ["Contoso: 1,000+ accounts", "Fabrikam: 1 account", "Unused: 0 accounts"],
  ],
  ["Lists", searchListsOfAccounts, ["Sales: 7 accounts", "Support: 0 accounts"]],
  ["delegates", searchDelegates, ["dave@contoso.test: 7 accounts"]],
  [
    "schedules",
    searchSchedulesOfAccounts,
    ["Manually only: 0 accounts", "Every hour: 7 accounts", "Every day: 995 accounts"],
  ],
])("each of the %s says how many accounts it has", async (_what, find, expected) => {
  expect(await told(find)).toEqual(expected);
});

test("services say it in the order of the form, and are found by a part of their name", async () => {
  const all = await told(searchServicesOfAccounts);
  expect(all[0]).toBe("Outlook365: 995 accounts");
  expect(all).toContain("Gmail: 7 accounts");
  expect(await told(searchServicesOfAccounts, "GMA")).toEqual(["Gmail: 7 accounts"]);
});
