import type { Agent } from "node:http";
import { call } from "../http-client";
import { atMost } from "../short-run";
import { percentile } from "../statistics";
import { type Row, row } from "../table";
import { NEEDLE } from "./seed-lists";

const WARM_UP = atMost(60, 1);
const REQUESTS = atMost(300, 6);
const TARGET_MS = 50;

type Site = { url: string; cookie: string; agent: Agent; after: string };

/** Email accounts as a program reads them, with 100,000 of them: first page, one in the middle, a search. */
export async function measureApiList({ url, cookie, agent, after }: Site): Promise<Row> {
  const queries = ["", `?after=${after}`, `?search=${NEEDLE}`];
  const times: number[] = [];
  for (let turn = 0; turn < WARM_UP + REQUESTS; turn += 1) {
    const query = queries[turn % queries.length] ?? "";
    const startedAt = performance.now();
    const body = await call({
      url: `${url}/api/emailAccounts${query}`,
      headers: { cookie },
      agent,
    });
    if (turn >= WARM_UP) times.push(performance.now() - startedAt);
    // An error or an empty page would be fast as well.
    const { rows } = JSON.parse(body) as { rows: unknown[] };
    if (rows.length < 20) throw new Error(`/api/emailAccounts${query} has no full page.`);
  }
  const p95Ms = percentile(times, 0.95);
  return row("API list of 100,000 accounts: p95", `${p95Ms.toFixed(1)} ms`, {
    text: `<= ${TARGET_MS} ms`,
    isReached: p95Ms <= TARGET_MS,
  });
}
