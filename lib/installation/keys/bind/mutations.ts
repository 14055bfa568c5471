import "server-only";
import type { PoolClient } from "pg";
import { appendEvent } from "@/lib/audit/mutations";
import { BY_POSTKEY } from "@/lib/audit/postkey";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { bind, SealError, UNBOUND } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { isKeyRight, sealCanary } from "../store";
import { UNBOUND_COLUMNS, type UnboundColumn } from "./unbound";
import { sealWebhookAddresses } from "./webhook-addresses";

const LOCK = ADVISORY_LOCKS.boundSecrets;
const BATCH = 500;

/** Runs a statement on a connection. */
type Run = <R>(sql: string, values: readonly unknown[]) => Promise<R[]>;

/**
 * Binds what an earlier version sealed to where it belongs, once, at the first start of this one. From then
 * on only bound values open, so that no one with write access to the database can put an old envelope beside
 * another destination. Also seals what an earlier version kept in clear. One transaction: it is done or it is
 * not.
 */
export async function bindOnce(): Promise<void> {
  if (env().keyProblem || !(await isKeyRight())) return; // the lock says so
  const client = await pool().connect();
  const run = runOn(client);
  try {
    await run("BEGIN", []);
    await run(`SELECT pg_advisory_xact_lock(${LOCK})::text`, []);
    await bindRestored(run);
    await run("COMMIT", []);
  } finally {
    // Before its end the transaction ends with the connection.
    client.release(true);
  }
}

/** The same within the transaction of a restore, whose backup an earlier version made. */
export async function bindRestored(run: Run): Promise<void> {
  if (await isUnbound(run)) await bindAll(run);
  await sealWebhookAddresses(run);
}

/** The canary says it: it is bound last, and in the same transaction. */
async function isUnbound(run: Run): Promise<boolean> {
  const [canary] = await run<{ sealed: string }>(`SELECT sealed FROM "KeyCanary" WHERE id = 1`, []);
  return canary === undefined || canary.sealed.startsWith(UNBOUND);
}

async function bindAll(run: Run): Promise<void> {
  // Sign-ins that are under way are begun again: they live ten minutes.
  await run(`DELETE FROM "AuthorizationRequest" WHERE "codeVerifierSealed" LIKE $1`, [
    `${UNBOUND}%`,
  ]);
  // Plain hashes over requests, of which some hold passwords.
  await run(`UPDATE "IdempotencyKey" SET fingerprint = '' WHERE fingerprint NOT LIKE '%.%'`, []);
  let values = 0;
  for (const column of UNBOUND_COLUMNS) values += await bindColumn(run, column);
  if (values > 0) {
    const object = { kind: "installation", id: "1", name: "Installation" };
    await appendEvent(run, BY_POSTKEY, { action: "keys.bind", object, detail: { values } });
  }
  await run(
    `INSERT INTO "KeyCanary" (id, sealed) VALUES (1, $1)
     ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed`,
    [sealCanary()],
  );
}

type Row = { id: string; sealed: string };

/** @returns how many values are bound now; what no key opens is left as it is, and opens no more */
async function bindColumn(run: Run, where: UnboundColumn): Promise<number> {
  let count = 0;
  for (let last = ""; ; ) {
    const rows: Row[] = await run<Row>(
      `SELECT * FROM (${where.select}) u WHERE u.sealed LIKE $1 AND u.id > $2
       ORDER BY u.id LIMIT ${BATCH}`,
      [`${UNBOUND}%`, last],
    );
    const bound = rows.flatMap((row) => bindRow(where, row) ?? []);
    if (bound.length > 0) await replace(run, where, bound);
    count += bound.length;
    const end = rows.at(-1);
    if (!end) return count;
    last = end.id;
  }
}

function bindRow({ table, column, destinationOf }: UnboundColumn, row: Row): Row | null {
  const { id, sealed } = row;
  const place = { table, id, column, destination: destinationOf(row) };
  try {
    return { id, sealed: bind(env().keyring, place, sealed) };
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

async function replace(run: Run, { table, column }: UnboundColumn, rows: Row[]): Promise<void> {
  const id = ID_COLUMN[table] ?? "id";
  await run(
    `UPDATE "${table}" t SET "${column}" = n.sealed
     FROM unnest($1::text[], $2::text[]) AS n(id, sealed) WHERE t."${id}"::text = n.id`,
    [rows.map((row) => row.id), rows.map((row) => row.sealed)],
  );
}

const ID_COLUMN: Readonly<Record<string, string>> = {
  PendingCertificate: "cloudProviderId",
  SecretRotation: "cloudProviderId",
  TokenSet: "authorizationId",
};

function runOn(client: PoolClient): Run {
  return async <R>(sql: string, values: readonly unknown[]) =>
    // The caller names the columns of each statement.
    (await client.query(sql, [...values])).rows as R[];
}
