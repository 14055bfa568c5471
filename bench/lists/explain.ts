import { text } from "node:stream/consumers";
import pg from "pg";
import { db, pool } from "@/lib/kernel/db";
import { COUNT_CAP } from "@/lib/kernel/paging/schema";
import { askList } from "./ask-list";
import type { FilteredListName, Query } from "./views";

// Runs the product's own queries, overhears what they send, and asks the database how it goes about
// it: so the plans shown are those of the real statements.

export type ExplainOrder = { list: FilteredListName; view: string; query: Query }[];
export type Plan = { list: FilteredListName; view: string; indexes: string[]; scans: string[] };

type Statement = { text: string; values: unknown[] };
type PlanNode = {
  "Node Type": string;
  "Index Name"?: string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
};

const overheard: Statement[] = [];
const send = pg.Client.prototype.query;
// The driver adapter hands over an object with text and values; nothing else is of interest here.
pg.Client.prototype.query = function overhear(this: pg.Client, ...given: unknown[]) {
  const [first] = given;
  if (typeof first === "object" && first && "text" in first && "values" in first)
    overheard.push(first as Statement);
  return Reflect.apply(send, this, given);
} as typeof send;

const order = JSON.parse(await text(process.stdin)) as ExplainOrder;
const rowsOf = await rowsOfTables();
const plans: Plan[] = [];
for (const { list, view, query } of order) {
  overheard.length = 0;
  await askList(list, query);
  const statements = overheard.filter(({ text: sql }) => /^\s*(SELECT|WITH)/.test(sql));
  const nodes = (await Promise.all(statements.map(explain))).flatMap(flatten);
  plans.push({ list, view, indexes: indexesOf(nodes), scans: fullScansOf(nodes) });
}
process.stdout.write(JSON.stringify(plans));
await db().$disconnect();
await pool().end();

async function explain({ text: sql, values }: Statement): Promise<PlanNode> {
  const { rows } = await pool().query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
    values,
  );
  const plan = rows[0]?.["QUERY PLAN"][0].Plan;
  if (!plan) throw new Error("EXPLAIN told nothing.");
  return plan;
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

function indexesOf(nodes: PlanNode[]): string[] {
  return unique(nodes.map((node) => node["Index Name"]));
}

/**
 * What was read to its end: a scan that stops when a page or a capped count is full reads no more than that. As
 * many rows as a count goes to are read in a millisecond, in whatever way: such a table is not counted.
 */
function fullScansOf(nodes: PlanNode[]): string[] {
  const names = nodes.map((node) => {
    const { "Relation Name": name = "", "Rows Removed by Filter": removed = 0 } = node;
    const rows = rowsOf.get(name) ?? 0;
    const isWhole = node["Actual Rows"] + removed >= rows && rows > COUNT_CAP;
    return node["Node Type"] === "Seq Scan" && isWhole ? name : undefined;
  });
  return unique(names);
}

async function rowsOfTables(): Promise<Map<string, number>> {
  const { rows } = await pool().query<{ name: string; rows: number }>(
    `SELECT relname AS name, reltuples AS rows FROM pg_class WHERE relkind = 'r'`,
  );
  return new Map(rows.map((table) => [table.name, table.rows]));
}

function unique(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
