import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { listContacts } from "@/lib/contacts/queries";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { encodeCursor, listParamsSchema } from "./list";
import { listHref, PAGE_SIZE, sortLink } from "./schema";

withDatabase();
const ada = administrator();
const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const schema = listParamsSchema(["email", "name", "firstSeen", "lastSeen"]);
const read = (query: Record<string, unknown>) => schema.parse(query);
const list = (query: Record<string, unknown> = {}) => listContacts(ada, read(query));

const TIES = 60;
const ODD_NAMES = ["100% wool", "50%", "a_b", "a\\b", "A%C", "aXc", "' OR 1=1 --", "Ärger", "日本"];

beforeAll(async () => {
  const listing = await db().contactList.create({ data: { name: "All", nameKey: "all" } });
  const names = [...ODD_NAMES, ...Array.from({ length: TIES }, (_, index) => `Tie ${index}`)];
  await db().contact.createMany({
    data: names.map((name, index) => {
      const email = `c${String(index).padStart(3, "0")}@contoso.test`;
      // All made at one time: only the id tells them apart.
      const createdAt = new Date("2026-11-25T12:00:00Z");
      return { name, email, emailKey: email, contactListId: listing.id, createdAt };
    }),
  });
});

describe("the address of a page", () => {
  test("falls back to the first page for whatever makes no sense", () => {
    const first = { search: "", sort: "email", direction: "asc" };
    expect(read({})).toEqual(first);
    expect(read({ sort: "password", direction: "up", search: ["x"] })).toEqual(first);
    expect(read({ limit: "-1", filter: { $gt: "" }, "filter[$gt]": "" })).toEqual(first);
    expect(read({ sort: "__proto__", after: "x", before: ["x"] })).toMatchObject(first);
    expect(read({ search: "s".repeat(10_240) }).search).toHaveLength(200);
    expect(read({ search: "a\0b" }).search).toBe("ab");
  });

  const encoded = (json: string) => Buffer.from(json).toString("base64url");
  test("has no cursor in whatever is none", () => {
    const json = ['["a","not an id"]', '{"a":1}', "[1,2]", "\u00ff\u00fe"].map(encoded);
    const texts = ["", "x", "%00", "💥", "x".repeat(5_000), encodeCursor(["x".repeat(2_000), ID])];
    for (const after of [...texts, ...json]) expect(read({ after }).after, after).toBeUndefined();
  });

  test("carries a cursor there and back, whatever text it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        fc.pre(!/\0|\p{Cs}/u.test(text));
        const after = encodeCursor([text, ID]);
        expect(after).toMatch(/^[\w-]+$/);
        expect(read({ after }).after).toEqual([text, ID]);
      }),
    );
  });

  test("leads to the neighbours and to the other order", () => {
    const params = { search: "a&b", sort: "email", direction: "asc" } as const;
    expect(listHref("/contacts", params, { after: "x" })).toBe(
      "/contacts?search=a%26b&sort=email&direction=asc&after=x",
    );
    expect(sortLink("/contacts", params, "email")).toMatchObject({ sorted: "asc" });
    expect(sortLink("/contacts", params, "email").href).toContain("direction=desc");
    expect(sortLink("/contacts", params, "firstSeen")).toMatchObject({ sorted: null });
  });
});

describe("the pages", () => {
  const ALL = ODD_NAMES.length + TIES;
  test.each(listContacts.sortNames)(
    "by %s show every row once, forwards and backwards",
    async (sort) => {
      for (const direction of ["asc", "desc"] as const) {
        const ordered = { sort, direction };
        const forwards = [await list(ordered)];
        for (let next = forwards[0]?.next; next; next = forwards.at(-1)?.next)
          forwards.push(await list({ ...ordered, after: next }));
        const rows = forwards.map((page) => page.rows);
        expect(rows.map(({ length }) => length)).toEqual([
          PAGE_SIZE,
          PAGE_SIZE,
          ALL - 2 * PAGE_SIZE,
        ]);
        expect(new Set(rows.flat().map(({ id }) => id)).size).toBe(ALL);
        const middle = await list({ ...ordered, before: forwards[2]?.previous });
        expect(middle.rows).toEqual(rows[1]);
        const first = await list({ ...ordered, before: middle.previous });
        expect(first.rows).toEqual(rows[0]);
        expect(first.previous).toBeUndefined();
      }
    },
  );

  test("cannot be broken by a cursor, whatever it holds", async () => {
    const texts = ["not a time", "999999-99-99", "a\0b", '\'; DROP TABLE "Contact"; --'];
    // A year that only JavaScript knows, and one before the first.
    texts.push("+275760-09-13T00:00:00.000Z", "0000-01-01T00:00:00.000Z");
    for (const text of texts)
      for (const sort of listContacts.sortNames)
        expect(await list({ sort, after: encodeCursor([text, ID]) })).toHaveProperty("rows");
  });
});

describe("a search", () => {
  const names = async (search: string) => (await list({ search })).rows.map(({ name }) => name);

  test.each([
    ["%", ["100% wool", "50%", "A%C"]],
    ["a_b", ["a_b"]],
    ["\\", ["a\\b"]],
    ["' or 1=1", ["' OR 1=1 --"]],
    ["ÄRGER", ["Ärger"]],
    ["日", ["日本"]],
    ["ＷＯＯＬ", ["100% wool"]],
    ["c000@", ["100% wool"]],
  ])("takes %s as text", async (search, expected) => {
    expect(await names(search)).toEqual(expected);
  });

  test("of blanks is none, and one that finds nothing says so", async () => {
    expect((await list({ search: "  \u3000 " })).total.count).toBe(ODD_NAMES.length + TIES);
    const none = { rows: [], total: { count: 0, isCapped: false } };
    expect(await list({ search: "nobody at all" })).toEqual(none);
  });
});

test("the number of rows is counted up to a thousand", async () => {
  await db().$executeRaw`INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name)
    SELECT gen_random_uuid(), (SELECT id FROM "ContactList" LIMIT 1), n || '@x.test', n || '@x.test', 'many'
    FROM generate_series(1, 1001) n`;
  expect((await list({ search: "many" })).total).toEqual({ count: 1_000, isCapped: true });
});
