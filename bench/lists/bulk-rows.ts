import { query, type Web } from "../installation";
import { atMost } from "../short-run";
import { median } from "../statistics";
import { type Row, row } from "../table";

const ACCOUNTS = 50;
const TURNS = atMost(9, 2);
const TARGET_MS = 3_000;

type Site = { web: Web; databaseUrl: string; cookie: string };

/** Fifty accounts of ten thousand get another List, as one change: from the request to the answer. */
export async function measureBulkChange({ web, databaseUrl, cookie }: Site): Promise<Row> {
  const lists = await query<{ id: string }>(
    databaseUrl,
    `INSERT INTO "ContactList" (id, name, "nameKey") SELECT gen_random_uuid(), n, n FROM unnest('{one,other}'::text[]) n
     RETURNING id`,
  );
  const accounts = await query<{ id: string }>(
    databaseUrl,
    `SELECT id FROM "EmailAccount" ORDER BY "nameKey" LIMIT ${ACCOUNTS}`,
  );
  const emailAccountIds = accounts.map(({ id }) => id);
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const selection = { accounts: "selected", emailAccountIds };
    const change = { set: "contactListId", to: lists[turn % lists.length]?.id };
    const startedAt = performance.now();
    const response = await fetch(`${web.url}/api/emailAccounts/changes`, {
      method: "POST",
      headers: { cookie, origin: web.url, "content-type": "application/json" },
      body: JSON.stringify({ selection, change }),
    });
    const told = await response.text();
    times.push(performance.now() - startedAt);
    if (!told.includes(`"changed":${ACCOUNTS}`)) throw new Error(told.slice(0, 200));
  }
  const ms = median(times);
  return row(`${ACCOUNTS} of 10,000 accounts get another List`, `${ms.toFixed(0)} ms`, {
    text: `<= ${TARGET_MS} ms`,
    isReached: ms <= TARGET_MS,
  });
}
