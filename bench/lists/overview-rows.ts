import type { Agent } from "node:http";
import { call } from "../http-client";
import { query } from "../installation";
import { atMost } from "../short-run";
import { median } from "../statistics";
import { type Row, row } from "../table";

const WARM_UP = atMost(40, 1);
const REQUESTS = atMost(60, 3);
const TARGET_MS = 30;

type Site = { web: { url: string }; databaseUrl: string; cookie: string; agent: Agent };

/** The Overview with all that it shows: 10,000 accounts, 520 secrets that expire, failures, a month of counts. */
export async function measureOverview(site: Site): Promise<Row> {
  const { web, databaseUrl, cookie, agent } = site;
  await fillOverview(databaseUrl);
  const times: number[] = [];
  for (let turn = 0; turn < WARM_UP + REQUESTS; turn += 1) {
    const startedAt = performance.now();
    const html = await call({
      url: `${web.url}/`,
      headers: { cookie, accept: "text/html" },
      agent,
    });
    if (turn >= WARM_UP) times.push(performance.now() - startedAt);
    // An error or an empty page would be fast as well.
    if (!html.includes("client secrets expire")) throw new Error("The Overview is not complete.");
  }
  const ms = median(times);
  return row(
    "Overview of 10,000 accounts and 1,000 providers: server time p50",
    `${ms.toFixed(1)} ms`,
    {
      text: `<= ${TARGET_MS} ms`,
      isReached: ms <= TARGET_MS,
    },
  );
}

/** 520 secrets that expire, failures, incidents and a month of counts. */
export async function fillOverview(databaseUrl: string): Promise<void> {
  for (const sql of SHOWN) await query(databaseUrl, sql);
}

const SHOWN = [
  `UPDATE "ClientCredential" c SET "expiresAt" = now() + (n % 59 + 1) * interval '1 day'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM "ClientCredential" LIMIT 520) AS x WHERE x.id = c.id`,
  `UPDATE "EmailAccount" SET "testFailureId" = 'imap.bye'
    WHERE id IN (SELECT id FROM "EmailAccount" ORDER BY id LIMIT 340)`,
  `INSERT INTO "ConnectionTest" (id, "emailAccountId", "startedAt", "durationMs", verdict, "startedByName", report)
    SELECT gen_random_uuid(), id, now() - n * interval '1 hour', 900,
      CASE WHEN "testFailureId" IS NULL THEN 'ok' ELSE 'failed' END, 'Benchmark', '{}'
    FROM "EmailAccount", generate_series(1, 6) n`,
  `INSERT INTO "Incident" (id, cause, kind, "remedyId", "cloudProviderId", subject, accounts, "peakAccounts", "accountNames")
    SELECT gen_random_uuid(), 'sign_in:' || id, 'sign_in', 'AADSTS50173', id, name, 10, 10, '{Support,Sales}'
    FROM "CloudProvider" LIMIT 17`,
  `INSERT INTO "CounterBucket" (span, at, name, labels, value)
    SELECT '1h', date_bin('1 hour', now(), 'epoch'::timestamptz) - n * interval '1 hour', x.name, x.labels, 100
    FROM generate_series(0, 30) n, (
      SELECT 'postkey_token_refreshes_total' AS name, 'result="' || result || '"' AS labels
        FROM unnest('{renewed,refused}'::text[]) result
      UNION ALL SELECT 'postkey_connection_tests_total', 'protocol="' || protocol || '",verdict="' || verdict || '"'
        FROM unnest('{imap,smtp,pop3}'::text[]) protocol, unnest('{ok,failed,skipped}'::text[]) verdict
      UNION ALL SELECT 'postkey_connection_test_duration_seconds_bucket', 'le="' || le || '",protocol="' || protocol || '"'
        FROM unnest('{imap,smtp,pop3}'::text[]) protocol, unnest('{0.25,0.5,1,2.5,5,10,30,+Inf}'::text[]) le
      UNION ALL SELECT 'postkey_capture_lag_seconds', ''
    ) x`,
  `VACUUM (ANALYZE)`,
];
