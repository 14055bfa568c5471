import type { PoolClient } from "pg";
import { z } from "zod";
import { type Actor, can, requireRecentProof } from "@/lib/kernel/actor";
import { TAKE_COMMIT_ORDER } from "@/lib/kernel/advisory-locks";
import { randomToken, SealError, type SealPlace, seal, unseal } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import type { Archive } from "./archive/archive-file";
import { CHAIN_START, type Head, headMac } from "./chain";
import { AUDIT_COLUMNS, type StoredEvent } from "./trail/schema";

const KEY_PLACE: SealPlace = {
  table: "Installation",
  id: "1",
  column: "auditKeySealed",
  destination: null,
};
const BATCH = 2_000;

export type ChainEnd = {
  key: string;
  previous: string;
  olderRows: number;
  ids: string[];
  at: Date;
  wrote: Wrote;
};

type FoundEnd = {
  ids: string[];
  at: Date;
  wrote: string | null;
  hash: string | null;
  olderRows: number | null;
  keySealed: string | null;
};

export type RunSql = <R>(sql: string, values: readonly unknown[]) => Promise<R[]>;

const FIND_END = `
  SELECT ARRAY(SELECT nextval(pg_get_serial_sequence('"AuditEvent"', 'id'))::text
      FROM generate_series(1, $1::int)) AS ids,
    date_trunc('milliseconds', clock_timestamp()) AS at, current_setting('postkey.wrote', true) AS wrote,
    h.hash, h."olderRows", i."auditKeySealed" AS "keySealed"
  FROM "Installation" i LEFT JOIN "AuditHead" h ON true WHERE i.id = 1`;

/** Ids are taken while it is held, so they follow the chain. @param events to be added */
export async function takeChainEnd(run: RunSql, events: number): Promise<ChainEnd> {
  await run(TAKE_COMMIT_ORDER, []);
  const [end] = await run<FoundEnd>(FIND_END, [events]);
  if (!end) throw new Error("There is no row in Installation.");
  const { ids, at, hash, olderRows, keySealed, wrote } = end;
  return {
    key: keySealed === null ? await makeKey(run) : openKey(keySealed),
    previous: hash ?? CHAIN_START,
    olderRows: olderRows ?? (await countEvents(run)),
    ids,
    at,
    wrote: wroteSchema.parse(JSON.parse(wrote || "{}")),
  };
}

async function countEvents(run: RunSql): Promise<number> {
  const [row] = await run<{ count: number }>(`SELECT count(*)::int AS count FROM "AuditEvent"`, []);
  return row?.count ?? 0;
}

/** PostgreSQL takes 65,535 values: 5,461 events. */
export async function insertEvents(run: RunSql, events: readonly StoredEvent[]) {
  const rows = events.map(({ at, detail, ...rest }) => {
    const event = { ...rest, at: at.toISOString(), detail: JSON.stringify(detail) };
    return AUDIT_COLUMNS.map((column) => event[column]);
  });
  const places = rows.map((row, at) => placesOf(at * row.length)).join(", ");
  const columns = AUDIT_COLUMNS.map((column) => `"${column}"`).join(", ");
  await run(`INSERT INTO "AuditEvent" (${columns}) VALUES ${places}`, rows.flat());
}

const TYPES = "bigint timestamptz text text text text text text text jsonb text text".split(" ");

function placesOf(first: number): string {
  return `(${TYPES.map((type, index) => `$${first + index + 1}::${type}`).join(", ")})`;
}

export async function saveHead(run: RunSql, key: string, head: Head): Promise<void> {
  await run(
    `INSERT INTO "AuditHead" (id, "eventId", hash, "olderRows", mac)
     VALUES (1, $1::bigint, $2, $3::int, $4)
     ON CONFLICT (id) DO UPDATE SET "eventId" = excluded."eventId", hash = excluded.hash,
       "olderRows" = excluded."olderRows", mac = excluded.mac`,
    [head.eventId, head.hash, head.olderRows, headMac(key, head)],
  );
}

async function makeKey(run: RunSql): Promise<string> {
  const key = randomToken();
  await run(`UPDATE "Installation" SET "auditKeySealed" = $1 WHERE id = 1`, [
    seal(env().keyring, KEY_PLACE, key),
  ]);
  return key;
}

function openKey(sealed: string): string {
  try {
    return unseal(env().keyring, KEY_PLACE, sealed);
  } catch (error) {
    throw error instanceof SealError ? trailLocked(error) : error;
  }
}

function trailLocked(cause: SealError): AppError {
  const message = "Nothing can be changed: the key of the audit trail cannot be opened.";
  return new AppError("locked", message, { cause });
}

/** The table's alias is e. */
export const EVENT_COLUMNS = AUDIT_COLUMNS.map((column) =>
  column === "id" ? "e.id::text" : `e."${column}"`,
).join(", ");

export const LIST_ARCHIVES = `
  SELECT file, "firstId"::text, "lastId"::text, events, sha256 FROM "AuditArchive" ORDER BY id`;

export type StoredHead = Head & { mac: string };

export type Trail = {
  /** Oldest first, before those in the table. */
  archives: Archive[];
  /** Null for an empty chain. */
  key: string | null;
  head: StoredHead | null;
  events(): AsyncGenerator<StoredEvent>;
};

/** One snapshot, in bounded memory. */
export async function withTrail<T>(work: (trail: Trail) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // The connection idles while files are read.
    await client.query("SET LOCAL idle_in_transaction_session_timeout = 0");
    const { rows } = await client.query<{ sealed: string | null }>(
      `SELECT "auditKeySealed" AS sealed FROM "Installation" WHERE id = 1`,
    );
    const heads = await client.query<StoredHead>(
      `SELECT "eventId"::text, hash, "olderRows", mac FROM "AuditHead"`,
    );
    const archives = await client.query<Archive>(LIST_ARCHIVES);
    const sealed = rows[0]?.sealed ?? null;
    return await work({
      archives: archives.rows,
      key: sealed === null ? null : openKey(sealed),
      head: heads.rows[0] ?? null,
      events: () => readEvents(client),
    });
  } finally {
    await client.query("ROLLBACK").catch(() => {});
    client.release();
  }
}

/** The smallest bigint: no row added by hand precedes it. */
const LEAST_ID = -(2n ** 63n);

async function* readEvents(client: PoolClient): AsyncGenerator<StoredEvent> {
  for await (const rows of readBatches(client, LEAST_ID)) yield* rows;
}

/** @param to the last id; without one, to the end */
export async function* readBatches(
  client: Pick<PoolClient, "query">,
  from: bigint,
  to: string | null = null,
): AsyncGenerator<StoredEvent[]> {
  for (let next = from; ; ) {
    const { rows } = await client.query<StoredEvent>(
      // Ends: One batch after the other, to the end.
      `SELECT ${EVENT_COLUMNS} FROM "AuditEvent" e WHERE e.id >= $1 AND ($2::bigint IS NULL OR e.id <= $2)
       ORDER BY e.id LIMIT ${BATCH}`,
      [String(next), to],
    );
    const end = rows.at(-1);
    if (!end) return;
    yield rows;
    next = BigInt(end.id) + 1n;
  }
}

/** Found by triggers, whichever operation wrote. */
export const wroteSchema = z.object({
  proof: z.string().optional(),
  key: z.string().optional(),
  account: z.string().optional(),
  device: z.string().optional(),
});
export type Wrote = z.output<typeof wroteSchema>;

/**
 * Otherwise an operation could lend a key's or device's reach to someone who may not create one.
 * @throws AppError access_denied, proof_required
 * @permission none: it is asked of what was written.
 */
export function requireRightTo({ proof, key, account, device }: Wrote, actor: Actor): void {
  if (actor.kind !== "user" && actor.kind !== "api_key") return;
  if (key && !can(actor, "keys:write"))
    throw new AppError(
      "access_denied",
      `The API key “${key}” would reach another mailbox through “${account}”. An administrator has to make this change, or choose another key for the account.`,
    );
  if (device && !can(actor, "devices:write"))
    throw new AppError(
      "access_denied",
      `The device “${device}” would open another mailbox. This needs the permission devices:write.`,
    );
  if (proof) requireRecentProof(actor);
}
