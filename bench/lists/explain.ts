import { text } from "node:stream/consumers";
import pg from "pg";
import { db, pool } from "@/lib/kernel/db";
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
const large = await tablesOfSeveralPages();
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
    `EXPLAIN (FORMAT JSON) ${sql}`,
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

/** A table that fits on one page is read with that page, by whatever index: it is not counted. */
function fullScansOf(nodes: PlanNode[]): string[] {
  const read = nodes.filter((node) => node["Node Type"] === "Seq Scan");
  return unique(read.map((node) => node["Relation Name"])).filter((name) => large.has(name));
}

async function tablesOfSeveralPages(): Promise<Set<string>> {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relpages > 1`,
  );
  return new Set(rows.map(({ name }) => name));
}

function unique(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
