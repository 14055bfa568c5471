#!/usr/bin/env node
import { readFileSync } from "node:fs";
// A stand-in for Prisma's native "schema-engine" program, for machines that cannot download it.
// It speaks the CLI's line-delimited JSON-RPC over stdio and answers from Prisma's own
// @prisma/schema-engine-wasm (same engine, compiled to WebAssembly) through a driver adapter.
// Selected with PRISMA_SCHEMA_ENGINE_BINARY=<this file>.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { inspect } from "node:util";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import { admin, createDatabase, openAdapter } from "./schema-engine-adapter.mjs";

const require = createRequire(import.meta.url);
const WASM_DIR = dirname(require.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
const argv = process.argv.slice(2);
const datamodels = [];
let datasource = {};
let cliCommand = null;
if (argv.includes("--version") || argv.includes("-V")) {
  console.log(
    `schema-engine-wasm ${JSON.parse(readFileSync(join(WASM_DIR, "package.json"), "utf8")).version}`,
  );
  process.exit(0);
}
for (let i = 0; i < argv.length; i++) {
  switch (argv[i]) {
    case "--datamodels":
      datamodels.push(argv[++i]);
      break;
    case "--datasource":
      datasource = JSON.parse(argv[++i]);
      break;
    case "cli":
      cliCommand = argv[++i];
      break;
    case "--enabled-preview-features":
    case "--extension-types":
      i++;
      break;
  }
}

const log = (level, message, extra = {}) =>
  process.stderr.write(
    `${JSON.stringify({
      timestamp: new Date(performance.timeOrigin + performance.now()).toISOString(),
      level,
      fields: { message, ...extra },
      target: "schema_engine::logger",
    })}\n`,
  );

// Connects on first use, so that commands which need no database work without one.
function lazyAdapter(open) {
  let p = null;
  const get = () => (p ??= open());
  return {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    queryRaw: async (q) =>
      offline && /server_version_num/.test(q.sql) ? versionAnswer : (await get()).queryRaw(q),
    executeRaw: async (q) => (await get()).executeRaw(q),
    executeScript: async (s) => (await get()).executeScript(s),
    startTransaction: async (l) => (await get()).startTransaction(l),
    getConnectionInfo: () => ({
      schemaName: schemaOf(datasource.url),
      supportsRelationJoins: true,
    }),
    dispose: async () => {
      if (p) await (await p).dispose();
      p = null;
    },
  };
}
const schemaOf = (url) =>
  url ? (new URL(url).searchParams.get("schema") ?? undefined) : undefined;

// The engine asks for the server's version when it starts; a diff between files must not need a server for that.
let offline = false;
const versionAnswer = {
  columnNames: ["exists", "version", "numeric_version"],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, "PostgreSQL 17.0", 170000]],
};

const open = new Set();
const factory = {
  provider: "postgres",
  adapterName: "@prisma/adapter-pg",
  async connect() {
    const a = lazyAdapter(() => {
      if (!datasource.url) throw new Error("The datasource has no url.");
      return openAdapter(datasource.url);
    });
    open.add(a);
    return a;
  },
  // Used by `migrate dev` and `diff --from-migrations` only: a scratch database on the same server, dropped afterwards,
  // or SHADOW_DATABASE_URL / datasource.shadowDatabaseUrl.
  async connectToShadowDb() {
    let url = datasource.shadowDatabaseUrl ?? process.env.SHADOW_DATABASE_URL,
      drop = async () => {};
    if (!url && datasource.url) {
      const u = new URL(datasource.url);
      const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
      await admin(datasource.url, (c) => c.query(`create database "${name}" template template0`));
      u.pathname = `/${name}`;
      url = u.toString();
      drop = () =>
        admin(datasource.url, (c) => c.query(`drop database if exists "${name}" with (force)`));
    }
    const a = lazyAdapter(() => openAdapter(url));
    const dispose = a.dispose;
    a.dispose = async () => {
      await dispose();
      await drop();
    };
    open.add(a);
    return a;
  },
};

if (cliCommand) {
  try {
    if (cliCommand === "create-database") await createDatabase(datasource.url);
    else if (cliCommand === "can-connect-to-database") {
      const a = await openAdapter(datasource.url);
      await a.queryRaw({ sql: "SELECT 1", args: [], argTypes: [] });
      await a.dispose();
    } else throw new Error(`schema-engine.mjs: unsupported command ${cliCommand}`);
    process.exit(0);
  } catch (e) {
    const c = e?.cause;
    const message = c?.originalMessage ?? e?.message ?? String(e);
    process.stderr.write("\n"); // the CLI skips the first line
    log("ERROR", message, {
      is_panic: false,
      error_code: c?.kind === "DatabaseDoesNotExist" ? "P1003" : "P1001",
    });
    process.exit(1);
  }
}

process.on("uncaughtException", (e) => {
  log("ERROR", inspect(e, { depth: 2 }).slice(0, 2000));
  process.exit(101);
});
const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
const { exports: wasm } = new WebAssembly.Instance(
  new WebAssembly.Module(readFileSync(join(WASM_DIR, "schema_engine_bg.wasm"))),
  { "./schema_engine_bg.js": glue },
);
glue.__wbg_set_wasm(wasm);
wasm.__wbindgen_start();

const bound = bindMigrationAwareSqlAdapterFactory(factory);
let engine;
// evaluateDataLoss and createMigration of the Wasm engine cannot open a shadow database themselves: they need the
// schema that devDiagnostic left in the engine's cache, and applyMigrations empties that cache.
let cacheFilled = false;

function createEngine() {
  const files = datamodels.map((path) => [path, readFileSync(path, "utf8")]);
  return glue.SchemaEngine.new(
    { datamodels: files.length > 0 ? files : undefined },
    (text) => process.env.SHIM_DEBUG && log("INFO", String(text)),
    bound,
  );
}

async function handle(method, params) {
  if (method === "createDatabase") return { databaseName: await createDatabase(datasource.url) };
  if (method === "diff")
    offline = ![params.from.tag, params.to.tag].some(
      (t) => t === "url" || t === "schemaDatasource",
    );
  engine ??= await createEngine();
  const fn = { getDatabaseVersion: "version" }[method] ?? method;
  if (fn === "introspectSql")
    throw new Error(
      "typedSql needs Prisma's native schema engine: unset PRISMA_SCHEMA_ENGINE_BINARY where it can be downloaded, or use $queryRaw.",
    );
  if (typeof engine[fn] !== "function")
    throw new Error(`schema-engine.mjs: unsupported method ${method}`);
  const needsCache = fn === "evaluateDataLoss" || fn === "createMigration";
  if (needsCache && !cacheFilled)
    await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
  cacheFilled = needsCache || fn === "devDiagnostic";
  const result = (await engine[fn](params)) ?? {};
  if (method === "diff" && result.stdout != null) {
    await print(result.stdout);
    return { exitCode: result.exitCode };
  }
  return result;
}

function rpcError(e) {
  if (process.env.SHIM_DEBUG) log("ERROR", inspect(e, { depth: 8 }));
  const is_panic = e instanceof WebAssembly.RuntimeError;
  let message = e?.message ?? String(e);
  const reg = /error id (\d+)/i.exec(message);
  if (reg) message = bound.errorRegistry.consumeError(Number(reg[1]))?.error?.message ?? message;
  return {
    code: 4466,
    message: "An error happened. Check the data field for details.",
    data: {
      is_panic,
      message,
      error_code: e?.code ?? null,
      meta: e?.meta ?? null,
      backtrace: null,
    },
  };
}

const send = (o) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...o })}\n`);
const acks = new Map();
const print = (content) =>
  new Promise((done) => {
    const id = `p${acks.size}`;
    acks.set(id, done);
    send({ id, method: "print", params: { content } });
  });
let queue = Promise.resolve();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (!line.trim()) return;
    const m = JSON.parse(line);
    if (!m.method) return void acks.get(m.id)?.();
    queue = queue.then(async () => {
      try {
        send({ id: m.id, result: await handle(m.method, m.params) });
      } catch (e) {
        send({ id: m.id, error: rpcError(e) });
      }
    });
  })
  .on(
    "close",
    () =>
      void queue.finally(async () => {
        for (const a of open) await a.dispose().catch(() => {});
        process.exit(0);
      }),
  );
