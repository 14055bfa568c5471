import type { Agent } from "node:http";
import { encodeCursor } from "@/lib/kernel/paging/schema";
import { call, keepAlive } from "../http-client";
import {
  createDatabase,
  createGroup,
  type Database,
  environmentOf,
  query,
  runTool,
  type Web,
} from "../installation";
import { signIn } from "../session";
import { atMost } from "../short-run";
import { median } from "../statistics";
import { type Result, type Row, row } from "../table";
import { measureApiList } from "./api-rows";
import { measureBulkChange } from "./bulk-rows";
import type { ExplainOrder, Plan } from "./explain";
import { findKnown, measureFilters } from "./filter-rows";
import { measureOverview } from "./overview-rows";
import { seedKinds } from "./seed-kinds";
import { NEEDLE, seedLists } from "./seed-lists";
import { filteredLists, LIST_NAMES } from "./views";

/** Three sizes, each with a database and a web of its own, so that all can be measured in turns. */
const SIZES = {
  small: { accounts: atMost(1_000, 200), providers: atMost(1_000, 200) },
  usual: { accounts: atMost(10_000, 400), providers: atMost(1_000, 200) },
  large: { accounts: atMost(100_000, 800), providers: atMost(100_000, 800) },
};
type Size = keyof typeof SIZES;

type ListName = "accounts" | "providers";
const LISTS: Record<ListName, { path: string; table: string; label: string }> = {
  accounts: { path: "/email/accounts", table: "EmailAccount", label: "10,000 accounts" },
  providers: {
    path: "/settings/cloud-providers",
    table: "CloudProvider",
    label: "1,000 providers",
  },
};
const MAIN_LISTS = ["accounts", "providers"] as const;
const VIEWS = ["first page", "deep page", "search"] as const;
type View = (typeof VIEWS)[number];

const WARM_UP = atMost(40, 1);
const REQUESTS = atMost(60, 3);
const TIME_TARGET_MS = 30;
const GROWTH_TARGET = 1.2;

const PLANS = "Indexes that the lists use at 100,000 rows (EXPLAIN):";

type Site = { web: Web; databaseUrl: string; cookie: string; agent: Agent };

export async function measureLists(database: Database): Promise<Result> {
  const group = createGroup();
  try {
    const sites = {
      small: await startSite(group, database, "small"),
      usual: await startSite(group, database, "usual"),
      large: await startSite(group, database, "large"),
    };
    const rows: Row[] = [];
    for (const list of MAIN_LISTS)
      for (const view of VIEWS) rows.push(...(await measureView(sites, list, view)));
    const { large } = sites;
    const after = encodeCursor(await middleOf(large, "accounts"));
    rows.push(await measureApiList({ ...large, url: large.web.url, after }));
    await seedKinds(large.databaseUrl, SIZES.large.accounts);
    rows.push(...(await measureFilters(large)));
    rows.push(await measureBulkChange(sites.usual));
    rows.push(await measureOverview(sites.usual));
    const plans = await explain(large);
    for (const { agent } of Object.values(sites)) agent.destroy();
    const named = plans.filter(({ view }) => VIEWS.some((each) => each === view));
    return { rows: [...rows, planRow(plans)], notes: [PLANS, ...named.map(describePlan)] };
  } finally {
    await group.stop();
  }
}

async function startSite(
  group: ReturnType<typeof createGroup>,
  database: Database,
  size: Size,
): Promise<Site> {
  const databaseUrl = await createDatabase(database, `lists_${size}`);
  await seedLists(databaseUrl, SIZES[size]);
  await group.beat(databaseUrl);
  const web = await group.web(databaseUrl);
  return { web, databaseUrl, cookie: await signIn(web.url), agent: keepAlive(1) };
}

/** The time from sending the request to the last byte, at one connection, in turns. */
async function measureView(sites: Record<Size, Site>, list: ListName, view: View): Promise<Row[]> {
  const times: Record<Size, number[]> = { small: [], usual: [], large: [] };
  const urls = {
    small: await urlOf(sites.small, list, view),
    usual: await urlOf(sites.usual, list, view),
    large: await urlOf(sites.large, list, view),
  };
  for (let position = 0; position < WARM_UP + REQUESTS; position += 1)
    for (const size of ["small", "usual", "large"] as const) {
      const ms = await timeOf(sites[size], urls[size]);
      if (position >= WARM_UP) times[size].push(ms);
    }
  const usualMs = median(times.usual);
  const [smallMs, largeMs] = [median(times.small), median(times.large)];
  const growth = largeMs / smallMs;
  const { label } = LISTS[list];
  return [
    row(`${label}, ${view}: server time p50`, `${usualMs.toFixed(1)} ms`, {
      text: `<= ${TIME_TARGET_MS} ms`,
      isReached: usualMs <= TIME_TARGET_MS,
    }),
    row(
      `${list}, ${view}: 100,000 beside 1,000 rows`,
      `${growth.toFixed(2)} x (${largeMs.toFixed(1)} of ${smallMs.toFixed(1)} ms)`,
      { text: `<= ${GROWTH_TARGET} x`, isReached: growth <= GROWTH_TARGET },
    ),
  ];
}

async function timeOf({ cookie, agent }: Site, url: string): Promise<number> {
  const startedAt = performance.now();
  const html = await call({ url, headers: { cookie, accept: "text/html" }, agent });
  const ms = performance.now() - startedAt;
  // An error or an empty page would be fast as well.
  if ((html.match(/<tr/g)?.length ?? 0) < 20) throw new Error(`${url} shows no full page.`);
  return ms;
}

async function urlOf(site: Site, list: ListName, view: View): Promise<string> {
  const query = new URLSearchParams(await queryOf(site, list, view));
  return `${new URL(LISTS[list].path, site.web.url).href}?${query}`;
}

async function queryOf(site: Site, list: ListName, view: View): Promise<Record<string, string>> {
  if (view === "search") return { search: NEEDLE };
  return view === "deep page" ? { after: encodeCursor(await middleOf(site, list)) } : {};
}

/** The row in the middle of the list by name. */
async function middleOf({ databaseUrl }: Site, list: ListName): Promise<[string, string]> {
  const table = `"${LISTS[list].table}"`;
  const sql = `SELECT "nameKey", id FROM ${table} ORDER BY "nameKey", id
    LIMIT 1 OFFSET (SELECT count(*) / 2 FROM ${table})`;
  const [found] = await query<{ nameKey: string; id: string }>(databaseUrl, sql);
  if (!found) throw new Error(`${table} is empty.`);
  return [found.nameKey, found.id];
}

/** The pages that are measured one by one, and each filter and order of every list. */
async function explain(site: Site): Promise<Plan[]> {
  const order: ExplainOrder = [];
  for (const list of MAIN_LISTS)
    for (const view of VIEWS) order.push({ list, view, query: await queryOf(site, list, view) });
  const lists = filteredLists(await findKnown(site.databaseUrl));
  for (const list of LIST_NAMES)
    for (const query of lists[list].queries) order.push({ list, view: "filtered", query });
  const env = environmentOf(site.databaseUrl, site.web.url);
  return runTool<Plan[]>("bench-explain", { env, order });
}

function planRow(plans: Plan[]): Row {
  const scans = plans.flatMap(({ list, scans }) => scans.map((table) => `${table} for ${list}`));
  const told = [...new Set(scans)].join(", ") || "none";
  return row("lists at 100,000 rows, any filter or order: tables read from end to end", told, {
    text: "none",
    isReached: scans.length === 0,
  });
}

function describePlan({ list, view, indexes }: Plan): string {
  return `  ${list}, ${view}: ${indexes.join(", ")}`;
}
