import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { PAGE_SIZE } from "@/lib/kernel/paging/schema";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { recordAudit } from "../mutations";
import { exportAudit } from "./export";
import { findAuditActor, findAuditChoices, listAuditEvents, searchAuditActors } from "./queries";
import { type AuditFilter, auditParamsSchema } from "./schema";

withDatabase();
const [ada, bob] = [administrator("Ada"), administrator("Bob")];
const FORMULAS = ["=1+1", "@SUM(A1)", " =1", 'a "quoted", one', "two\nlines"];
const EVENTS = 60;

const record = (actor = ada, action = "thing.update", name = "Thing") =>
  db().$transaction((tx) =>
    recordAudit(tx, actor, { action, object: { kind: action.split(".")[0] ?? "", id: "1", name } }),
  );

beforeAll(async () => {
  for (let index = 0; index < EVENTS; index += 1)
    await record(ada, "thing.update", `Thing ${index}`);
  for (const name of FORMULAS) await record(bob, "other.create", name);
});

const ALL = EVENTS + FORMULAS.length;
const list = (query: Record<string, unknown> = {}) =>
  listAuditEvents(ada, auditParamsSchema.parse(query));

async function exported(format: "csv" | "jsonl", query: Partial<AuditFilter> = {}) {
  const filter = auditParamsSchema.parse(query);
  let text = "";
  for await (const piece of exportAudit(ada, { filter, format })) text += piece;
  return text;
}

describe("the pages of the trail", () => {
  test.each([
    ["newest first", undefined, 1],
    ["oldest first", "asc", -1],
  ])("show every event once, %s, forwards and backwards", async (_order, direction, sign) => {
    const forwards: string[][] = [];
    let after: string | undefined;
    do {
      const page = await list({ after, direction });
      forwards.push(page.rows.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    const ids = forwards.flat().map(BigInt);
    expect(ids).toHaveLength(ALL);
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? sign : -sign)));
    const last = forwards.at(-1)?.[0];
    const back = await list({ before: last, direction });
    expect(back.rows.map(({ id }) => id)).toEqual(forwards.at(-2));
    expect((await list({ before: forwards[1]?.[0], direction })).previous).toBeUndefined();
    expect(forwards[0]).toHaveLength(PAGE_SIZE);
  });

  test.each([
    ["who", { actor: bob.id }, FORMULAS.length],
    ["what", { action: "thing.update" }, EVENTS],
    ["about what", { kind: "other" }, FORMULAS.length],
    ["a name", { search: "THING 7" }, 1],
    ["a name with a wildcard", { search: "%" }, 0],
    ["today", { from: new Date().toISOString().slice(0, 10) }, ALL],
    ["until yesterday", { to: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10) }, 0],
    ["all of it", { actor: ada.id, action: "thing.update", search: "thing" }, EVENTS],
    ["what makes no sense", { actor: "' OR 1=1", kind: {}, from: "2026-13-45", to: "x" }, ALL],
  ])("can be filtered by %s", async (_what, query, count) => {
    expect((await list(query)).total).toEqual({ count, isCapped: false });
  });

  test("offer what there is to choose from", async () => {
    expect(await findAuditChoices(ada)).toEqual({
      actions: ["other.create", "thing.update"],
      kinds: ["other", "thing"],
    });
    const people = [
      { id: ada.id, name: "Ada" },
      { id: bob.id, name: "Bob" },
    ];
    expect(await searchAuditActors(ada, "")).toEqual({ found: people, hasMore: false });
    expect((await searchAuditActors(ada, "BO")).found).toEqual([people[1]]);
    expect(await findAuditActor(ada, bob.id)).toEqual(people[1]);
    expect(await findAuditActor(ada, "nobody")).toBeNull();
  });

  test("are for those who may read it", async () => {
    const motion = program("accounts:read");
    const params = auditParamsSchema.parse({});
    // At once: when the first piece is asked for, the head of the answer is sent already.
    const denied = expect.objectContaining({ code: "access_denied" });
    expect(() => exportAudit(motion, { filter: params, format: "jsonl" })).toThrow(denied);
  });
});

describe("the export", () => {
  test("as JSON lines holds every event, with its hash", async () => {
    const lines = (await exported("jsonl")).trimEnd().split("\n");
    expect(lines).toHaveLength(ALL);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      actorName: "Ada",
      objectName: "Thing 0",
      hash: expect.stringMatching(/^[\w-]{43}\.[\w-]{43}$/),
    });
  });

  test("as CSV runs nothing in a spreadsheet", async () => {
    const text = await exported("csv", { kind: "other" });
    for (const cell of ["'=1+1", "'@SUM(A1)", "' =1", 'a ""quoted"", one', "two\nlines"])
      expect(text).toContain(`,"1","${cell}",`);
    expect(text.split("\r\n")).toHaveLength(FORMULAS.length + 2);
    expect(await exported("jsonl", { search: "nobody at all" })).toBe("");
  });
});
