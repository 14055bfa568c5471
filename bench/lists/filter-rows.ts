import type { Agent } from "node:http";
import { call } from "../http-client";
import { query, type Web } from "../installation";
import { atMost } from "../short-run";
import { median } from "../statistics";
import { type Row, row } from "../table";
import { type FilteredList, filteredLists, type Known, LIST_NAMES } from "./views";

const WARM_UP = atMost(6, 1);
const REQUESTS = atMost(15, 1);
const TARGET_MS = 30;

type Site = { web: Web; databaseUrl: string; cookie: string; agent: Agent };

/** Every list with each of its filters and sorts: the slowest of them, and the one in the middle. */
export async function measureFilters(site: Site): Promise<Row[]> {
  const lists = filteredLists(await findKnown(site.databaseUrl));
  const rows: Row[] = [];
  for (const name of LIST_NAMES) rows.push(await measureList(site, lists[name]));
  return rows;
}

async function measureList(site: Site, { path, label, queries }: FilteredList): Promise<Row> {
  const measured: { what: string; ms: number }[] = [];
  for (const asked of queries) {
    const what = new URLSearchParams(asked).toString();
    measured.push({ what, ms: await timeOf(site, `${site.web.url}${path}?${what}`) });
  }
  measured.sort((one, other) => other.ms - one.ms);
  const [slowest] = measured;
  if (!slowest) throw new Error(`Nothing is asked of ${path}.`);
  const middle = median(measured.map(({ ms }) => ms));
  return row(
    `${label}, any filter or order: server time p50`,
    `${slowest.ms.toFixed(1)} ms (${shortened(slowest.what)}; the middle one ${middle.toFixed(1)} ms)`,
    { text: `<= ${TARGET_MS} ms`, isReached: slowest.ms <= TARGET_MS },
  );
}

/** Without ids, which say nothing to a reader. */
function shortened(what: string): string {
  return what.replaceAll(/=[\da-f-]{36}/g, "");
}

async function timeOf({ cookie, agent }: Site, url: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < WARM_UP + REQUESTS; turn += 1) {
    const startedAt = performance.now();
    const html = await call({ url, headers: { cookie, accept: "text/html" }, agent });
    if (turn >= WARM_UP) times.push(performance.now() - startedAt);
    // A page that does not know the filter shows another list.
    if (html.includes("of this address is unknown")) throw new Error(`${url} is not known.`);
  }
  return median(times);
}

/** What lists are narrowed to, by id. */
export async function findKnown(databaseUrl: string): Promise<Known> {
  const id = async (sql: string) => {
    const [found] = await query<{ id: string }>(databaseUrl, sql);
    if (!found) throw new Error(`Nothing was found by ${sql}`);
    return found.id;
  };
  return {
    provider: await id(
      `SELECT "cloudProviderId" AS id FROM "EmailAccount" WHERE "cloudProviderId" IS NOT NULL LIMIT 1`,
    ),
    list: await id(`SELECT "contactListId" AS id FROM "Contact" LIMIT 1`),
    account: await id(`SELECT "emailAccountId" AS id FROM "Contact" LIMIT 1`),
  };
}
