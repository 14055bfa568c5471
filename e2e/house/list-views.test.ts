import { beforeAll, describe, expect, test } from "vitest";
import { listTestRuns } from "@/lib/checks/runs/queries";
import { listContactLists } from "@/lib/contacts/lists/queries";
import { listContacts } from "@/lib/contacts/queries";
import { listDevices } from "@/lib/devices/queries";
import { pool } from "@/lib/kernel/db";
import { listPasswordAccounts } from "@/lib/migration/queries";
import { listAdministrators } from "@/lib/people/administrators/queries";
import { listApiKeys } from "@/lib/programs/queries";
import { listSignInLinks } from "@/lib/sign-ins/links/queries";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { ROWS, seedLists } from "@/lib/testing/list-rows";
import { type AnyList, walkList } from "@/lib/testing/walk-list";
import { listAlertChannels } from "@/lib/watch/alerts/queries";

withDatabase();
const ada = administrator();

beforeAll(seedLists);

const idOf = async (table: string) =>
  (await pool().query(`SELECT id FROM "${table}" ORDER BY name LIMIT 1`)).rows[0]?.id;

/** A filter beside the views, and its value for some of the rows or for none. */
type Narrowed = { name: string; value: string | (() => Promise<string>) };

const LISTS: { name: string; list: AnyList; narrowed?: Narrowed }[] = [
  {
    name: "sign-in links",
    list: listSignInLinks,
    narrowed: { name: "cloudProviderId", value: () => idOf("CloudProvider") },
  },
  { name: "Lists", list: listContactLists },
  {
    name: "contacts",
    list: listContacts,
    narrowed: { name: "contactListId", value: () => idOf("ContactList") },
  },
  {
    name: "accounts with a password",
    list: listPasswordAccounts,
    narrowed: { name: "service", value: "custom" },
  },
  { name: "API keys", list: listApiKeys },
  { name: "devices", list: listDevices, narrowed: { name: "protocol", value: "imap" } },
  {
    name: "administrators",
    list: listAdministrators,
    narrowed: { name: "factors", value: "with" },
  },
  { name: "alert channels", list: listAlertChannels, narrowed: { name: "kind", value: "smtp" } },
  { name: "test runs", list: listTestRuns },
];

describe.each(LISTS)("the list of $name", ({ list }) => {
  test("says how many each view shows, and shows as many", async () => {
    const counts = await list.counts(ada);
    expect(counts.map(({ view }) => view)).toEqual(list.viewNames);
    for (const { view, count: told } of counts) {
      const { rows, total } = await list(ada, { view });
      expect([view, rows.length, total.count]).toEqual([view, told, told]);
      expect([view, told > 0 && told < ROWS]).toEqual([view, true]);
    }
  });

  test.each(list.sortNames)(
    "sorted by %s has each row on one page, in both directions",
    async (sort) => {
      const forwards = await walkList(list, sort, "asc");
      expect(new Set(forwards).size).toBe(ROWS);
      expect(await walkList(list, sort, "desc")).toEqual(forwards.reverse());
    },
  );
});

const NARROWED = LISTS.flatMap(({ narrowed, ...list }) =>
  narrowed ? [{ ...list, narrowed }] : [],
);

describe.each(NARROWED)("the list of $name", ({ list, narrowed }) => {
  test("says how many each view shows of what a filter leaves", async () => {
    const { name, value } = narrowed;
    const filters = { [name]: typeof value === "string" ? value : await value() };
    const left = await list.counts(ada, filters);
    expect(left).not.toEqual(await list.counts(ada));
    for (const { view, count: told } of left)
      expect([view, (await list(ada, { ...filters, view })).total.count]).toEqual([view, told]);
  });
});
