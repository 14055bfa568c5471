import { expect, test } from "vitest";
import { createDatabase } from "@/lib/testing/database";
import { queryAt } from "@/lib/testing/dump";
import { documentedTables } from "@/lib/testing/growth";

test("every table is in docs/growth.md with what trims it, and nothing else is", async () => {
  const database = await createDatabase();
  const rows = await queryAt<{ name: string }>(
    database.url,
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname <> '_prisma_migrations'`,
  );
  await database.drop();
  const documented = documentedTables();
  const named = [...new Set(documented.map(({ table }) => table))];
  expect(named.sort()).toEqual(rows.map(({ name }) => name).sort());
  for (const { name, trimmedBy } of documented) expect(trimmedBy, name).not.toBe("");
});
