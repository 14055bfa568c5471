// npm run db -- new-migration <name>: writes prisma/migrations/<time>_<name>/migration.sql, the way from the database to
// prisma/schema.prisma (docs/decisions/010-own-migration-runner.md).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";

const SCHEMA = "prisma/schema.prisma";
const ENGINE = dirname(
  createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg"),
);

const { exports } = new WebAssembly.Instance(
  new WebAssembly.Module(readFileSync(join(ENGINE, "schema_engine_bg.wasm"))),
  { "./schema_engine_bg.js": glue },
);
glue.__wbg_set_wasm(exports);
exports.__wbindgen_start();

/** @returns the folder that was written, or null where the schema asks for nothing else */
export async function newMigration(url, name = "") {
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error("Use: npm run db -- new-migration what_changes");
  const sql = await differenceFrom(url);
  if (sql === "") return null;
  const now = new Date(performance.timeOrigin + performance.now());
  const time = now.toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const folder = `prisma/migrations/${time}_${name}`;
  mkdirSync(folder);
  writeFileSync(`${folder}/migration.sql`, sql);
  return folder;
}

/** SQL that makes a database what the schema says; empty where it is that. */
export async function differenceFrom(url) {
  const content = readFileSync(SCHEMA, "utf8");
  const files = [{ path: SCHEMA, content }];
  const adapter = await openAdapter(url);
  try {
    const connect = async () => adapter;
    const ways = { ...adapter, connect, connectToShadowDb: connect };
    const factory = bindMigrationAwareSqlAdapterFactory(ways);
    const models = { datamodels: [[SCHEMA, content]] };
    const engine = await glue.SchemaEngine.new(models, () => {}, factory);
    const { stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: "." },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      shadowDatabaseUrl: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout.startsWith("-- This is an empty migration") ? "" : stdout;
  } finally {
    await adapter.dispose();
  }
}

const T = ColumnTypeEnum;
/** Of the catalogue's columns, by type; @prisma/adapter-pg does not know all of them ("char", name[]). */
const COLUMN_TYPES = [
  [T.Boolean, 16],
  [T.Character, 18],
  [T.Int32, 21, 23],
  [T.Int64, 20, 26],
  [T.BooleanArray, 1000],
  [T.CharacterArray, 1002],
  [T.TextArray, 1003, 1009],
  [T.Int32Array, 1005, 1007],
  [T.Int64Array, 1028],
];
const typeOf = ({ dataTypeID }) =>
  COLUMN_TYPES.find(([, ...ids]) => ids.includes(dataTypeID))?.[0] ?? T.Text;

async function openAdapter(connectionString) {
  const adapter = await new PrismaPg({ connectionString, max: 1 }).connect();
  adapter.queryRaw = async (query) => {
    const { fields, rows } = await adapter.performIO(query);
    return {
      columnNames: fields.map(({ name }) => name),
      columnTypes: fields.map(typeOf),
      rows,
    };
  };
  return adapter;
}
