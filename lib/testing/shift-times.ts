import { pool } from "@/lib/kernel/db";

/** Whose times are part of a proof, or what tells their rows apart: counts by time, which nothing waits for. */
const EXCEPT = ["AuditEvent", "AuditHead", "CounterBucket"];

/**
 * Moves every time of every table, as if the clock that wrote them had been so much ahead, and were set
 * right now; negative = behind.
 */
export async function shiftTimes(byHours: number): Promise<void> {
  const { rows } = await pool().query<{ name: string; columns: string[] }>(
    `SELECT format('%I.%I', c.table_schema, c.table_name) AS name,
      array_agg(format('%I', c.column_name)::text) AS columns
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema IN ('public', 'pgboss') AND c.data_type = 'timestamp with time zone'
      AND t.table_type = 'BASE TABLE' AND c.table_name <> ALL($1) GROUP BY 1`,
    [EXCEPT],
  );
  for (const { name, columns } of rows) {
    const shifted = columns.map((column) => `${column} = ${column} + interval '${byHours} hours'`);
    await pool().query(`UPDATE ${name} SET ${shifted.join(", ")}`);
  }
}
