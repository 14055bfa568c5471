import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/lib/kernel/db";
import { listParamsSchema } from "@/lib/kernel/paging/schema";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { listOpenIncidents } from "../queries";
import { INCIDENT_SORTS, type IncidentSort, incidentFilterSchema, lastedMs } from "../schema";
import { countIncidents, listIncidents } from "./queries";

withDatabase();
const ada = administrator();

const REMEDIES = [
  "imap.bye",
  "imap.authenticate_failed",
  "AADSTS700016",
  "AADSTS9999999",
  "of.old",
];
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

const list = (asked: object) =>
  listIncidents(ada, {
    ...listParamsSchema(INCIDENT_SORTS).parse(asked),
    ...incidentFilterSchema.parse(asked),
    limit: 7,
  });

async function all(asked: { sort: IncidentSort; direction?: "asc" | "desc" }) {
  const rows = [];
  let after: string | undefined;
  do {
    const page = await list({ ...asked, after });
    rows.push(...page.rows);
    after = page.next;
  } while (after);
  return rows;
}

describe.each(INCIDENT_SORTS)("sorted by %s", (sort) => {
  test("each incident is on one page, in both directions", async () => {
    const forwards = (await all({ sort })).map(({ id }) => id);
    expect(new Set(forwards).size).toBe(ROWS);
    const backwards = (await all({ sort, direction: "desc" })).map(({ id }) => id);
    expect(backwards).toEqual(forwards.reverse());
  });
});

test("what happened is sorted as it is read, also where the catalogue does not know it", async () => {
  const titles = (await all({ sort: "what" })).map(({ title }) => title.toLowerCase());
  expect(new Set(titles).size).toBeGreaterThan(5);
  expect(titles).toEqual([...titles].sort());
});

test("the duration is sorted by how long it took, and what goes on is last", async () => {
  const seconds = (await all({ sort: "duration" })).map((row) => (lastedMs(row) ?? 1e12) / 1_000);
  for (const [nth, value] of seconds.entries())
    expect(value).toBeGreaterThanOrEqual((seconds[nth - 1] ?? 0) - 1);
});

describe("a search finds incidents", () => {
  test.each([
    ["by what happened", "SAID  goodbye", (title: string) => title.includes("said goodbye")],
    [
      "by what is said before that",
      "was not renewed",
      (title: string) => title.includes("renewed"),
    ],
  ])("%s", async (_what, search, isFound) => {
    const rows = await all({ sort: "started" });
    const { total, rows: found } = await list({ search });
    expect(total.count).toBe(rows.filter(({ title }) => isFound(title)).length);
    expect(total.count).toBeGreaterThan(0);
    expect(found.every(({ title }) => isFound(title))).toBe(true);
  });

  test("by what it is about, and by an account that it names", async () => {
    expect((await list({ search: "contoso 12" })).rows).toMatchObject([{ subject: "Contoso 12" }]);
    expect((await list({ search: "desk 13" })).rows).toMatchObject([{ subject: "Contoso 13" }]);
    expect((await list({ search: "%" })).rows).toEqual([]);
  });

  test("by a cloud as it is called, though it is stored by its id", async () => {
    const { rows, total } = await list({ search: "21vianet" });
    expect(total.count).toBe(ROWS / 8);
    expect(rows.map(({ kind }) => kind)).toEqual(Array(ROWS / 8).fill("platform"));
  });

  test("and says how many of them are in each state", async () => {
    const search = "said goodbye";
    for (const { state, count } of await countIncidents(ada, search))
      expect([state, count]).toEqual([state, (await list({ search, state })).total.count]);
  });

  test("for programs, among those that are open", async () => {
    const { rows } = await listOpenIncidents(ada, { search: "desk 13" });
    expect(rows.map(({ subject }) => subject)).toEqual(["Contoso 13"]);
    expect((await listOpenIncidents(ada, { search: "desk 14" })).rows).toEqual([]);
  });
});
