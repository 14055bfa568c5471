import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { pool } from "@/lib/kernel/db";
import { withDatabase } from "./database";
import { fleetOf } from "./fleet";
import { statementsOf } from "./statements";

const ROWS = 20_000;
/** A page, a count that is capped, and those of a rare kind that are sorted. */
const MOST_ROWS = 4_000;

const { accounts, others } = fleetOf(ROWS);

/** The same without what triggers write for the list of providers, which takes most of the time. */
const ACCOUNTS_ALONE = [
  "SET session_replication_role = replica",
  ...accounts,
  "SET session_replication_role = DEFAULT",
  // Their own columns that triggers fill.
  `UPDATE "EmailAccount" SET state = state, "providerKey" = "providerKey"`,
];

/** What is asked of a list, by what it is asked for. */
export type Asked = readonly [what: string, ask: () => Promise<unknown>];

export const forEach = <K extends string>(
  what: string,
  keys: readonly K[],
  ask: (key: K) => Promise<unknown>,
) => keys.map((key): Asked => [`${what} ${key}`, () => ask(key)]);

export const idOf = async (table: string) =>
  (await pool().query(`SELECT id FROM "${table}" LIMIT 1`)).rows[0]?.id;

/** Tests that each list reads few of 20,000 rows, whatever it is asked for. */
export function testPlans(
  seeded: "accounts" | "everything",
  lists: Readonly<Record<string, readonly Asked[]>>,
): void {
  withDatabase();
  beforeAll(async () => {
    const seeding = await pool().connect();
    // Thousands of rows: on a busy machine longer than a statement of the product may take.
    await seeding.query("SET statement_timeout = 0");
    const statements = seeded === "accounts" ? ACCOUNTS_ALONE : [...accounts, ...others];
    for (const statement of statements) await seeding.query(statement);
    await seeding.query("VACUUM (ANALYZE)");
    seeding.release(true);
  }, 120_000);

  describe.each(Object.entries(lists))(
    "at 20,000 rows the list of %s reads few of them",
    (_list, asked) => {
      test.each(asked)("for %s", async (_what, ask) => {
        expect(await mostRows(ask)).toBeLessThan(MOST_ROWS);
      });
    },
  );
}

type Plan = {
  "Node Type": string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number | undefined;
  Plans?: Plan[] | undefined;
};
const planSchema: z.ZodType<Plan> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Actual Rows": z.number(),
    "Actual Loops": z.number(),
    "Rows Removed by Filter": z.number().optional(),
    Plans: z.array(planSchema).optional(),
  }),
);
const explainedSchema = z.array(
  z.object({ "QUERY PLAN": z.array(z.object({ Plan: planSchema })) }),
);

/** How many rows the busiest step of what a list asks looks at. */
async function mostRows(ask: () => Promise<unknown>): Promise<number> {
  const statements = (await statementsOf(ask)).filter(({ text }) => /^\s*SELECT/.test(text));
  expect(statements.length).toBeGreaterThan(0);
  const steps: number[] = [];
  for (const { text, values } of statements) {
    const { rows } = await pool().query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
    for (const explained of explainedSchema.parse(rows))
      for (const { Plan: plan } of explained["QUERY PLAN"]) steps.push(...stepsOf(plan));
  }
  return Math.max(...steps);
}

function stepsOf(plan: Plan): number[] {
  const { "Actual Rows": rows, "Rows Removed by Filter": removed = 0, Plans: below = [] } = plan;
  return [(rows + removed) * plan["Actual Loops"], ...below.flatMap(stepsOf)];
}
