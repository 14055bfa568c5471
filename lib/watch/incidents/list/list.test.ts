import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { listOpenIncidents } from "../queries";
import { listIncidents } from "./queries";

withDatabase();
const ada = administrator();
const REMEDIES = ["imap.bye", "imap.authenticate_failed", "AADSTS700016", "AADSTS9999999", "old"];
const ROWS = 40;

beforeAll(async () => {
  await pool().query(
    `INSERT INTO "Incident" (id, cause, kind, "remedyId", subject, accounts, "peakAccounts", "accountNames",
       "openedAt", "firstOpenedAt", "quietSince", "resolvedAt")
     SELECT gen_random_uuid(), n, CASE n % 8 WHEN 0 THEN 'rotation' WHEN 1 THEN 'platform' ELSE 'mail' END,
       ($1::text[])[1 + n % 5], CASE n % 8 WHEN 1 THEN 'china' ELSE 'Contoso ' || n END, n % 3, n % 3,
       ARRAY['Desk ' || n, 'Support'], now() - (n % 7) * interval '1 hour',
       CASE WHEN n % 4 = 0 THEN now() - (n % 7) * interval '2 hours' END,
       CASE WHEN n % 3 > 0 THEN now() END, CASE WHEN n % 3 = 2 THEN now() END
     FROM generate_series(1, ${ROWS}) n`,
    [REMEDIES],
  );
});

const list = (asked: object) => listIncidents(ada, listIncidents.querySchema(7).parse(asked));

test.each(listIncidents.sortNames)(
  "sorted by %s each incident is on one page, in both directions",
  async (sort) => {
    const idsOf = async (direction: "asc" | "desc") => {
      const pages = [await list({ sort, direction })];
      for (let after = pages[0]?.next; after; after = pages.at(-1)?.next)
        pages.push(await list({ sort, direction, after }));
      return pages.flatMap(({ rows }) => rows.map(({ id }) => id));
    };
    const forwards = await idsOf("asc");
    expect(new Set(forwards).size).toBe(ROWS);
    expect(await idsOf("desc")).toEqual(forwards.reverse());
  },
);

describe("a search finds incidents", () => {
  test.each([
    ["SAID  goodbye", "said goodbye", ROWS / 5],
    ["was not renewed", "renewed", ROWS / 8],
  ])("by what happened, and counts each state: %s", async (search, inTitle, found) => {
    const { total, rows } = await list({ search });
    expect(total.count).toBe(found);
    for (const { title } of rows) expect(title).toContain(inTitle);
    for (const { view, count } of await listIncidents.counts(ada, { search }))
      expect([view, count]).toEqual([view, (await list({ search, view })).total.count]);
  });

  test.each([
    ["contoso 12", ["Contoso 12"]],
    ["desk 13", ["Contoso 13"]],
    ["%", []],
  ])("by what it is about, and by an account that it names: %s", async (search, subjects) => {
    expect((await list({ search })).rows.map(({ subject }) => subject)).toEqual(subjects);
  });

  test("by a cloud as it is called, though it is stored by its id", async () => {
    const { rows, total } = await list({ search: "21vianet" });
    expect(total.count).toBe(ROWS / 8);
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(["platform"]));
  });

  test("for programs, among those that are open", async () => {
    const { rows } = await listOpenIncidents(ada, { search: "desk 13" });
    expect(rows.map(({ subject }) => subject)).toEqual(["Contoso 13"]);
    expect((await listOpenIncidents(ada, { search: "desk 14" })).rows).toEqual([]);
  });
});
