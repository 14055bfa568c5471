import "server-only";
import { pool } from "@/lib/kernel/db";
import type { Sample } from "./schema";

/** Adds to the numbers of the installation, in one statement; rows in one order, so that none wait in a ring. */
export async function addToCounters(counted: Sample[]): Promise<void> {
  const sorted = [...counted].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  await pool().query(
    `INSERT INTO "Counter" AS c (name, labels, value) SELECT * FROM unnest($1::text[], $2::text[], $3::float8[])
      ON CONFLICT (name, labels) DO UPDATE SET value = c.value + excluded.value`,
    [
      sorted.map(({ name }) => name),
      sorted.map(({ labels }) => labels),
      sorted.map(({ value }) => value),
    ],
  );
}

function keyOf({ name, labels }: Sample): string {
  return `${name} ${labels}`;
}
