// How the stand-in for Prisma's schema engine speaks to PostgreSQL.
import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

const T = ColumnTypeEnum;
const COLUMN_TYPES = {
  16: T.Boolean,
  17: T.Bytes,
  18: T.Character,
  19: T.Text,
  20: T.Int64,
  21: T.Int32,
  23: T.Int32,
  25: T.Text,
  26: T.Int64,
  114: T.Json,
  700: T.Float,
  701: T.Double,
  1042: T.Text,
  1043: T.Text,
  1082: T.Date,
  1083: T.Time,
  1114: T.DateTime,
  1184: T.DateTime,
  1700: T.Numeric,
  2950: T.Uuid,
  3802: T.Json,
  1000: T.BooleanArray,
  1002: T.CharacterArray,
  1003: T.TextArray,
  1005: T.Int32Array,
  1007: T.Int32Array,
  1009: T.TextArray,
  1015: T.TextArray,
  1016: T.Int64Array,
  1028: T.Int64Array,
};

// One connection per adapter: session state (advisory lock, SET, TEMP tables) must hold between calls.
export async function openAdapter(url) {
  const u = new URL(url);
  const schema = u.searchParams.get("schema") ?? undefined;
  u.searchParams.delete("schema");
  const pool = new pg.Pool({
    connectionString: u.toString(),
    max: 1,
    options: schema ? `-c search_path=${schema}` : undefined,
  });
  const adapter = await new PrismaPg(pool, { schema }).connect();
  // @prisma/adapter-pg splits scripts at every ";" (breaks function bodies); the simple protocol takes them whole.
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (e) {
      adapter.onError(e);
    }
  };
  // The catalogue has columns of types that @prisma/adapter-pg does not know ("char", name[]).
  adapter.queryRaw = async (q) => {
    const { fields, rows } = await adapter.performIO(q);
    return {
      columnNames: fields.map((f) => f.name),
      columnTypes: fields.map((f) => COLUMN_TYPES[f.dataTypeID] ?? ColumnTypeEnum.Text),
      rows,
    };
  };
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await pool.end();
  };
  return adapter;
}

export async function admin(url, fn) {
  const u = new URL(url);
  u.pathname = "/postgres";
  u.searchParams.delete("schema");
  const c = new pg.Client({ connectionString: u.toString() });
  await c.connect();
  try {
    return await fn(c);
  } finally {
    await c.end();
  }
}

export async function createDatabase(url) {
  const db = decodeURIComponent(new URL(url).pathname.slice(1));
  await admin(url, async (c) => {
    const r = await c.query("select 1 from pg_database where datname=$1", [db]);
    if (!r.rowCount) await c.query(`create database ${c.escapeIdentifier(db)}`);
  });
  return db;
}
