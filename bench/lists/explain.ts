import { text } from "node:stream/consumers";
import pg from "pg";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { db, pool } from "@/lib/kernel/db";
import type { Cursor } from "@/lib/kernel/paging/schema";
import { listCloudProviders } from "@/lib/registrations/queries";
import { administrator } from "@/lib/testing/actors";

// Runs the product's own queries, overhears what they send, and asks the database how it goes about
// it: so the plans shown are those of the real statements.

export type ExplainOrder = Record<ListName, { after: Cursor; search: string }>;
export type Plan = { list: ListName; view: string; indexes: string[]; scans: string[] };

const LISTS = { accounts: listEmailAccounts, providers: listCloudProviders } as const;
export type ListName = keyof typeof LISTS;

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
const plans: Plan[] = [];
for (const list of ["accounts", "providers"] as const) {
  const base = { search: "", sort: "name", direction: "asc" } as const;
  const { after, search } = order[list];
  const views = {
    "first page": base,
    "deep page": { ...base, after },
    search: { ...base, search },
  };
  for (const [view, params] of Object.entries(views)) {
    overheard.length = 0;
    await LISTS[list](administrator("Benchmark"), params);
    const statements = overheard.filter(({ text: sql }) => /^\s*SELECT/.test(sql));
    const nodes = (await Promise.all(statements.map(explain))).flatMap(flatten);
    plans.push({ list, view, indexes: indexesOf(nodes), scans: fullScansOf(nodes) });
  }
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

function fullScansOf(nodes: PlanNode[]): string[] {
  return unique(
    nodes.map((node) => (node["Node Type"] === "Seq Scan" ? node["Relation Name"] : undefined)),
  );
}

function unique(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
