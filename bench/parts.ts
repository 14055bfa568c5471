import { unavailableReason } from "@/e2e/servers/mail-servers";
import { measureCapture } from "./capture/capture-rows";
import { measureContacts } from "./contacts/contact-rows";
import { measureGateway } from "./gateway/gateway-rows";
import type { Database } from "./installation";
import { measureLists } from "./lists/list-rows";
import { measureConnectionTests } from "./mail/connection-test-rows";
import { FAR, type MailBench, type MailBenchOptions, NEAR, startMailBench } from "./mail/mailboxes";
import { measureRoundTrips } from "./mail/round-trip-rows";
import { measureMemory } from "./memory-rows";
import { missingBrowser } from "./pages/browser";
import { measurePages } from "./pages/page-rows";
import { measureRefresh } from "./refresh/refresh-rows";
import { atMost } from "./short-run";
import { measureSignIn } from "./sign-in/sign-in-rows";
import type { Result, Row } from "./table";
import { measureTestAll } from "./test-all/test-all-rows";
import { measureTokenLoad } from "./token-load-rows";
import { measureTokens } from "./token-rows";
import { measureWaysIn } from "./ways-in/ways-in-rows";

/** `measure` throws when it cannot measure everything that it has to; the message says why. */
export type Part = { name: string; measure: (database: Database) => Promise<Result> };

/** Memory comes first: what the others fill the database with would count. */
export const PARTS: readonly Part[] = [
  { name: "memory", measure: withBrowser(measureMemory) },
  {
    name: "mail",
    measure: withMail({ name: "mail", mailboxes: 32, clouds: [NEAR, FAR] }, measureMail),
  },
  {
    name: "test-all",
    measure: withMail(
      { name: "test_all", mailboxes: atMost(1_000, 40), clouds: [NEAR] },
      measureTestRuns,
    ),
  },
  {
    name: "tokens",
    measure: withMail(
      { name: "token_load", mailboxes: 32, clouds: [NEAR] },
      rowsOf(measureTokenLoad),
    ),
  },
  {
    name: "capture",
    measure: withMail(
      { name: "capture", mailboxes: atMost(1_000, 40), clouds: [NEAR], connections: 1_000 },
      rowsOf(measureCapture),
    ),
  },
  { name: "gateway", measure: measureGateway },
  { name: "refresh", measure: measureRefresh },
  { name: "sign-in", measure: measureSignIn },
  { name: "ways-in", measure: measureWaysIn },
  { name: "pages", measure: withBrowser(measurePages) },
  { name: "lists", measure: measureLists },
  { name: "contacts", measure: measureContacts },
];

/** Tokens first: they are many small requests, after which the server's own code is compiled. */
async function measureMail(bench: MailBench): Promise<Result> {
  const tokens = await measureTokens(bench);
  const tests = await measureConnectionTests(bench);
  const roundTrips = await measureRoundTrips(bench);
  return {
    rows: [...tests.rows, ...roundTrips, ...tokens.rows],
    notes: [...(tests.notes ?? []), ...(tokens.notes ?? [])],
  };
}

function measureTestRuns(bench: MailBench): Promise<Result> {
  const keeperPid = bench.startKeeper({ POSTKEY_TESTS_AT_ONCE: "32" });
  return measureTestAll({ ...bench, keeperPid });
}

function rowsOf(measure: (bench: MailBench) => Promise<Row[]>) {
  return async (bench: MailBench): Promise<Result> => ({ rows: await measure(bench) });
}

function withMail(
  options: MailBenchOptions,
  measure: (bench: MailBench) => Promise<Result>,
): Part["measure"] {
  return async (database) => {
    const reason = unavailableReason();
    if (reason) throw new Error(reason);
    const bench = await startMailBench(database, options);
    try {
      return await measure(bench);
    } finally {
      await bench.stop();
    }
  };
}

function withBrowser(measure: (database: Database) => Promise<Row[]>): Part["measure"] {
  return async (database) => {
    const reason = missingBrowser();
    if (reason) throw new Error(reason);
    return { rows: await measure(database) };
  };
}
