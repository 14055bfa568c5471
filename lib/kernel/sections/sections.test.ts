import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { withDatabase } from "@/lib/testing/database";
import { findSection } from "./find-section";
import { type Position, positionHref, readPosition } from "./schema";

withDatabase();
const SIZE = 4;
const name = (index: number) => `List ${String(index).padStart(2, "0")}`;
const GONE = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

/** Eleven lists, all but one of one time: the id alone tells those apart. */
const list = (position: Position) =>
  findSection({
    position,
    size: SIZE,
    find: (window) =>
      db().contactList.findMany({
        orderBy: [{ createdAt: "desc" }, { id: "asc" }],
        select: { id: true, name: true },
        ...window,
      }),
    count: (bounded) => db().contactList.count(bounded),
  });

const all: string[] = [];

beforeAll(async () => {
  const createdAt = new Date("2026-11-25T12:00:00Z");
  await db().contactList.createMany({
    data: Array.from({ length: 11 }, (_, index) => ({
      name: name(index),
      nameKey: name(index),
      createdAt: index === 7 ? new Date("2026-11-26T12:00:00Z") : createdAt,
    })),
  });
  const rows = await db().contactList.findMany({ orderBy: [{ createdAt: "desc" }, { id: "asc" }] });
  all.push(...rows.map((row) => row.name));
});

describe("a list that has one order", () => {
  test("is turned from its beginning to its end and back, each row once", async () => {
    const forward = [await list({})];
    for (let next = forward[0]?.next; next; next = forward.at(-1)?.next)
      forward.push(await list({ after: next }));
    expect(forward.map(({ rows }) => rows.length)).toEqual([4, 4, 3]);
    expect(forward.flatMap(({ rows }) => rows.map((row) => row.name))).toEqual(all);
    expect(forward[0]?.previous).toBeUndefined();
    expect(forward[0]?.total).toEqual({ count: 11, isCapped: false });
    const last = forward.at(-1);
    const middle = await list({ before: last?.previous });
    expect(middle.rows).toEqual(forward[1]?.rows);
    const first = await list({ before: middle.previous });
    expect(first).toEqual({ ...forward[0] });
  });

  test("begins anew where the id stands for no row", async () => {
    for (const position of [{ after: GONE }, { before: GONE }, { after: "12" }])
      expect(await list(position)).toEqual(await list({}));
  });
});

describe("the address of a section", () => {
  const parameters = { search: "a&b", testsAfter: "12", historyBefore: GONE, odd: ["x"] };

  test("has its own place, and leaves the others where they are", () => {
    expect(readPosition(parameters, "tests")).toEqual({ after: "12" });
    expect(readPosition(parameters, "history")).toEqual({ before: GONE });
    expect(positionHref("/x", parameters, { section: "tests", before: "7" })).toBe(
      `/x?search=a%26b&historyBefore=${GONE}&testsBefore=7`,
    );
  });

  test("is the beginning for what is no id", () => {
    for (const testsAfter of ["", "x", "-1", "1e3", "1".repeat(19), ["a"], "'; DROP"])
      expect(readPosition({ testsAfter }, "tests")).toEqual({});
  });
});
