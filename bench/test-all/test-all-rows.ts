import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { call, keepAlive } from "../http-client";
import { query } from "../installation";
import { type MailBench, NEAR } from "../mail/mailboxes";
import { memoryOf } from "../process-usage";
import { signIn } from "../session";
import { atMost } from "../short-run";
import { median, percentile } from "../statistics";
import { percent, type Result, type Row, row } from "../table";

const PARALLELISMS = [8, 32];
const RATE_TARGET = 0.85;
const PAGE_TARGET = 2;
const MEMORY_TARGET = 1.1;
const MB = 1_024 * 1_024;

const FLOOR_SLICE_MS = atMost(4_000, 1_000);
const FLOOR_SLICES = atMost(3, 1);
const DEADLINE_MS = 240_000;
const PAGE_EVERY_MS = 250;
const IDLE_PAGES = atMost(60, 2);

type Bench = Pick<MailBench, "web" | "floor" | "databaseUrl" | "accounts"> & { keeperPid: number };

/** Runs of a thousand accounts beside the floor, a page that is looked at meanwhile, and memory. */
export async function measureTestAll(bench: Bench): Promise<Result> {
  const rows: Row[] = [];
  // Once beforehand: mailboxes are made at their first sign-in, and code is compiled.
  await run(bench, Math.max(...PARALLELISMS));
  for (const parallelism of PARALLELISMS) rows.push(await rateRow(bench, parallelism));
  rows.push(await pageRow(bench), await memoryRow(bench));
  return { rows };
}

async function rateRow(bench: Bench, parallelism: number): Promise<Row> {
  const count = bench.accounts[NEAR]?.length ?? 0;
  const before = await floorRates(bench, parallelism);
  const seconds = await run(bench, parallelism);
  const floor = median([...before, ...(await floorRates(bench, parallelism))]);
  const rate = count / seconds;
  return row(
    `test all, ${count.toLocaleString("en")} accounts, ${parallelism} at once: rate`,
    `${percent(rate / floor)} of the floor's (${rate.toFixed(1)} of ${floor.toFixed(1)} /s)`,
    { text: `>= ${percent(RATE_TARGET)}`, isReached: rate / floor >= RATE_TARGET },
  );
}

async function floorRates({ floor }: Bench, lanes: number): Promise<number[]> {
  const rates: number[] = [];
  for (let slice = 0; slice < FLOOR_SLICES; slice += 1) {
    const { completed, elapsedMs } = await floor.load({ lanes, durationMs: FLOOR_SLICE_MS });
    rates.push((completed * 1_000) / elapsedMs);
  }
  return rates;
}

/** The list of accounts, as a person who is watching loads it. */
async function pageRow(bench: Bench): Promise<Row> {
  const cookie = await signIn(bench.web.url);
  const agent = keepAlive(1);
  const loadPage = async () => {
    const startedAt = performance.now();
    const url = `${bench.web.url}/email/accounts`;
    await call({ url, headers: { cookie, accept: "text/html" }, agent });
    return performance.now() - startedAt;
  };
  const loadPages = async (goesOn: (count: number) => boolean) => {
    const times: number[] = [];
    while (goesOn(times.length)) {
      times.push(await loadPage());
      await sleep(PAGE_EVERY_MS);
    }
    return percentile(times, 0.95);
  };
  await loadPages((count) => count < IDLE_PAGES);
  const idle = await loadPages((count) => count < IDLE_PAGES);
  let isRunning = true;
  const running = run(bench, 8).finally(() => {
    isRunning = false;
  });
  const busy = await loadPages(() => isRunning);
  await running;
  agent.destroy();
  return row(
    "list page while 8 are tested at once: p95",
    `${(busy / idle).toFixed(2)} x idle (${busy.toFixed(0)} of ${idle.toFixed(0)} ms)`,
    { text: `<= ${PAGE_TARGET} x`, isReached: busy <= idle * PAGE_TARGET },
  );
}

async function memoryRow(bench: Bench): Promise<Row> {
  let middle = 0;
  await run(bench, 32, (share) => {
    if (middle === 0 && share >= 0.5) middle = memoryOf(bench.keeperPid);
  });
  const end = memoryOf(bench.keeperPid);
  return row(
    "memory of the keeper: end of a run beside its middle (PSS)",
    `${(end / middle).toFixed(2)} x (${(end / MB).toFixed(0)} of ${(middle / MB).toFixed(0)} MB)`,
    { text: `<= ${MEMORY_TARGET} x`, isReached: end <= middle * MEMORY_TARGET },
  );
}

/** @returns how many seconds a run of all accounts took; every test has to have passed */
async function run(
  { databaseUrl, accounts }: Bench,
  parallelism: number,
  onShare: (share: number) => void = () => {},
): Promise<number> {
  const ids = accounts[NEAR] ?? [];
  const id = randomUUID();
  const startedAt = performance.now();
  await query(
    databaseUrl,
    `WITH run AS (
      INSERT INTO "TestRun" (id, "startedByName", total, parallelism)
      VALUES ($1, 'Benchmark', cardinality($2::uuid[]), $3) RETURNING id
    ) INSERT INTO "TestRunItem" ("testRunId", "emailAccountId") SELECT id, unnest($2::uuid[]) FROM run`,
    [id, ids, parallelism],
  );
  for (;;) {
    const [counts] = await query<{ done: number; ok: number }>(
      databaseUrl,
      `SELECT count(*) FILTER (WHERE state NOT IN ('pending', 'running'))::int AS done,
        count(*) FILTER (WHERE state = 'ok')::int AS ok
      FROM "TestRunItem" WHERE "testRunId" = $1`,
      [id],
    );
    const { done = 0, ok = 0 } = counts ?? {};
    onShare(done / ids.length);
    if (done === ids.length && ok < done) throw new Error(`${done - ok} tests did not pass.`);
    if (done === ids.length) break;
    if (performance.now() - startedAt > DEADLINE_MS) throw new Error(`Only ${done} were tested.`);
    await sleep(100);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await waitForEnd(databaseUrl, id);
  return seconds;
}

/** The next run must not begin beside this one. */
async function waitForEnd(databaseUrl: string, id: string): Promise<void> {
  for (;;) {
    const rows = await query(
      databaseUrl,
      `SELECT 1 FROM "TestRun" WHERE id = $1 AND "finishedAt" IS NOT NULL`,
      [id],
    );
    if (rows.length > 0) return;
    await sleep(100);
  }
}
