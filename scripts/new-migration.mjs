// npm run db -- new-migration <name>: writes prisma/migrations/<time>_<name>/migration.sql, the way from the database to
// prisma/schema.prisma. Prisma's own command for it needs a native program, which is a download; the same engine
// compiled to WebAssembly is a package.
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

/** @returns the file that was written, or null where the schema asks for nothing else */
export async function newMigration(url, name = "") {
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error("Use: npm run db -- new-migration what_changes");
  const sql = await differenceFrom(url);
  if (sql === "") return null;
  const now = new Date(performance.timeOrigin + performance.now());
  const time = now.toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const folder = join("prisma", "migrations", `${time}_${name}`);
  mkdirSync(folder);
  const file = join(folder, "migration.sql");
  writeFileSync(file, sql);
  return file;
}

/** SQL that makes a database what the schema says; empty where it is that. */
export async function differenceFrom(url) {
  const content = readFileSync(SCHEMA, "utf8");
  const files = [{ path: SCHEMA, content }];
  const adapter = await openAdapter(url);
  try {
    const connect = async () => adapter;
    const factory = bindMigrationAwareSqlAdapterFactory({
      ...adapter,
      connect,
      connectToShadowDb: connect,
    });
    const engine = await glue.SchemaEngine.new(
      { datamodels: [[SCHEMA, content]] },
      () => {},
      factory,
    );
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
const COLUMN_TYPES = {
  16: T.Boolean,
  18: T.Character,
  20: T.Int64,
  21: T.Int32,
  23: T.Int32,
  26: T.Int64,
  1000: T.BooleanArray,
  1002: T.CharacterArray,
  1003: T.TextArray,
  1005: T.Int32Array,
  1007: T.Int32Array,
  1009: T.TextArray,
  1028: T.Int64Array,
};

async function openAdapter(connectionString) {
  const adapter = await new PrismaPg({ connectionString, max: 1 }).connect();
  adapter.queryRaw = async (query) => {
    const { fields, rows } = await adapter.performIO(query);
    return {
      columnNames: fields.map(({ name }) => name),
      columnTypes: fields.map(({ dataTypeID }) => COLUMN_TYPES[dataTypeID] ?? T.Text),
      rows,
    };
  };
  return adapter;
}
