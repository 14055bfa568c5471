import { unavailableReason } from "@/e2e/servers/mail-servers";
import { type Database, startDatabase, stopAllGroups } from "./installation";
import { measureLists } from "./lists/list-rows";
import { measureConnectionTests } from "./mail/connection-test-rows";
import { startMailBench } from "./mail/mailboxes";
import { measureRoundTrips } from "./mail/round-trip-rows";
import { measureMemory } from "./memory-rows";
import { missingBrowser } from "./pages/browser";
import { measurePages } from "./pages/page-rows";
import { printTable, type Row, skippedRow } from "./table";
import { measureTokens } from "./token-rows";

type Section = { name: string; measure: (database: Database) => Promise<Row[]> };

/** Memory comes first: what the others fill the database with would count. */
const SECTIONS: Section[] = [
  { name: "memory", measure: needsBrowser("memory", measureMemory) },
  { name: "mail", measure: measureMail },
  { name: "pages", measure: needsBrowser("first load of a list page", measurePages) },
  { name: "lists", measure: measureListsAndPlans },
];

const notes: string[] = [];

async function measureMail(database: Database): Promise<Row[]> {
  const reason = unavailableReason();
  if (reason) return [skippedRow("connection tests and tokens", reason)];
  const bench = await startMailBench(database);
  try {
    return [
      ...(await measureConnectionTests(bench)),
      ...(await measureRoundTrips(bench)),
      ...(await measureTokens(bench)),
    ];
  } finally {
    await bench.stop();
  }
}

function needsBrowser(what: string, measure: Section["measure"]): Section["measure"] {
  return async (database) => {
    const reason = missingBrowser();
    return reason ? [skippedRow(what, reason)] : measure(database);
  };
}

async function measureListsAndPlans(database: Database): Promise<Row[]> {
  const { rows, notes: plans } = await measureLists(database);
  notes.push("Indexes that the lists use at 100,000 rows (EXPLAIN):", ...plans);
  return rows;
}

/** A part that fails takes nothing from the others. */
async function measured({ name, measure }: Section, database: Database): Promise<Row[]> {
  const startedAt = Date.now();
  try {
    return await measure(database);
  } catch (error) {
    if (!isStopping) console.error(error);
    return [skippedRow(name, error instanceof Error ? error.message.slice(0, 80) : String(error))];
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
  const rows: Row[] = [];
  for (const section of SECTIONS) {
    if (isStopping) break;
    if (wanted.length > 0 && !wanted.includes(section.name)) continue;
    rows.push(...(await measured(section, database)));
  }
  printTable(rows);
  if (notes.length > 0) console.log(`\n${notes.join("\n  ")}`);
} finally {
  await database.stop();
}
