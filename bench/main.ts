import { unavailableReason } from "@/e2e/servers/mail-servers";
import { measureCapture } from "./capture/capture-rows";
import { measureContacts } from "./contacts/contact-rows";
import { type Database, startDatabase, stopAllGroups } from "./installation";
import { measureLists } from "./lists/list-rows";
import { measureConnectionTests } from "./mail/connection-test-rows";
import { FAR, NEAR, startMailBench } from "./mail/mailboxes";
import { measureRoundTrips } from "./mail/round-trip-rows";
import { measureMemory } from "./memory-rows";
import { missingBrowser } from "./pages/browser";
import { measurePages } from "./pages/page-rows";
import { measureRefresh } from "./refresh/refresh-rows";
import { printTable, type Result, type Row, skippedRow } from "./table";
import { measureTestAll } from "./test-all/test-all-rows";
import { measureTokenLoad } from "./token-load-rows";
import { measureTokens } from "./token-rows";

type Section = { name: string; measure: (database: Database) => Promise<Result> };

/** Memory comes first: what the others fill the database with would count. */
const SECTIONS: Section[] = [
  { name: "memory", measure: needsBrowser("memory", measureMemory) },
  { name: "mail", measure: measureMail },
  { name: "test-all", measure: measureTestRuns },
  { name: "tokens", measure: measureTokensUnderLoad },
  { name: "capture", measure: measureSenders },
  { name: "refresh", measure: measureRefresh },
  { name: "pages", measure: needsBrowser("first load of a list page", measurePages) },
  { name: "lists", measure: measureLists },
  { name: "contacts", measure: measureContacts },
];

async function measureMail(database: Database): Promise<Result> {
  const reason = unavailableReason();
  if (reason) return { rows: [skippedRow("connection tests and tokens", reason)] };
  const bench = await startMailBench(database, {
    ...{ name: "mail", mailboxes: 32, clouds: [NEAR, FAR] },
  });
  try {
    // Tokens first: they are many small requests, after which the server's own code is compiled.
    const tokens = await measureTokens(bench);
    const tests = await measureConnectionTests(bench);
    const roundTrips = await measureRoundTrips(bench);
    return {
      rows: [...tests.rows, ...roundTrips, ...tokens.rows],
      notes: [...(tests.notes ?? []), ...(tokens.notes ?? [])],
    };
  } finally {
    await bench.stop();
  }
}

async function measureTokensUnderLoad(database: Database): Promise<Result> {
  const reason = unavailableReason();
  if (reason) return { rows: [skippedRow("tokens for many programs", reason)] };
  const bench = await startMailBench(database, {
    ...{ name: "token_load", mailboxes: 32, clouds: [NEAR] },
  });
  try {
    return { rows: await measureTokenLoad(bench) };
  } finally {
    await bench.stop();
  }
}

async function measureTestRuns(database: Database): Promise<Result> {
  const reason = unavailableReason();
  if (reason) return { rows: [skippedRow("tests of many accounts", reason)] };
  const options = { name: "test_all", mailboxes: 1_000, clouds: [NEAR] };
  const bench = await startMailBench(database, options);
  try {
    const keeperPid = bench.startKeeper({ POSTKEY_TESTS_AT_ONCE: "32" });
    return await measureTestAll({ ...bench, keeperPid });
  } finally {
    await bench.stop();
  }
}

async function measureSenders(database: Database): Promise<Result> {
  const reason = unavailableReason();
  if (reason) return { rows: [skippedRow("capture of new senders", reason)] };
  const options = { name: "capture", mailboxes: 1_000, clouds: [NEAR], connections: 1_000 };
  const bench = await startMailBench(database, options);
  try {
    return { rows: await measureCapture(bench) };
  } finally {
    await bench.stop();
  }
}

function needsBrowser(
  what: string,
  measure: (database: Database) => Promise<Row[]>,
): Section["measure"] {
  return async (database) => {
    const reason = missingBrowser();
    return { rows: reason ? [skippedRow(what, reason)] : await measure(database) };
  };
}

/** A part that fails takes nothing from the others. */
async function measured({ name, measure }: Section, database: Database): Promise<Result> {
  const startedAt = Date.now();
  try {
    return await measure(database);
  } catch (error) {
    if (!isStopping) console.error(error);
    const reason = error instanceof Error ? error.message.slice(0, 80) : String(error);
    return { rows: [skippedRow(name, reason)] };
  } finally {
    console.log(`  Measured ${name} in ${((Date.now() - startedAt) / 1_000).toFixed(0)} s`);
  }
}

const wanted = process.argv.slice(2);
let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    isStopping = true;
    void stopAllGroups();
  });

const database = await startDatabase();
try {
  const results: Result[] = [];
  for (const section of SECTIONS) {
    if (isStopping) break;
    if (wanted.length > 0 && !wanted.includes(section.name)) continue;
    results.push(await measured(section, database));
  }
  printTable(results.flatMap(({ rows }) => rows));
  console.log(`\n${results.flatMap(({ notes = [] }) => notes).join("\n")}`);
} finally {
  await database.stop();
}
