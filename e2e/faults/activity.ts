import { db } from "@/lib/kernel/db";

/** The statements of other connections to the database: by default of all that are at work. */
export async function statements(where = "state <> 'idle'"): Promise<string[]> {
  const rows = await db().$queryRawUnsafe<{ query: string }[]>(`SELECT query FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${where}`);
  return rows.map(({ query }) => query);
}

/** Those that wait for another one. */
export const waiting = () => statements("wait_event_type = 'Lock'");
