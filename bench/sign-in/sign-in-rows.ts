import { SECOND_MS } from "@/lib/kernel/clock";
import { createDatabase, createGroup, type Database, query } from "../installation";
import { type Browser, trySignIn } from "../session";
import { atMost } from "../short-run";
import type { Result, Row } from "../table";
import type { Tally } from "./arrivals";
import { ATTACKS, type Attack, startAttack } from "./attacks";
import { attackRow, visitRow } from "./rows";
import { type Visit, visit } from "./visits";

const PER_SECOND = atMost(200, 20);
const WARM_UP = atMost(5, 1);
const PATIENCE = {
  visits: atMost(40, 3),
  giveUpMs: atMost(30, 4) * SECOND_MS,
  withinMs: atMost(60, 5) * SECOND_MS,
};

/** A proxy on this machine says where requests come from; the load speaks for it. */
const BEHIND_A_PROXY = { POSTKEY_TRUST_PROXY: "127.0.0.1" };
const HER_ADDRESS = "203.0.113.5";

type Site = { url: string; databaseUrl: string };

/** How long an administrator takes to sign in while strangers elsewhere try passwords. */
export async function measureSignIn(database: Database): Promise<Result> {
  const group = createGroup();
  try {
    const databaseUrl = await createDatabase(database, "sign_in");
    const { url } = await group.web(databaseUrl, { extra: BEHIND_A_PROXY });
    const site = { url, databaseUrl };
    const newBrowser: Browser = { url, address: HER_ADDRESS };
    const { device } = await trySignIn(newBrowser);
    if (!device) throw new Error("The browser was not given a cookie of its own.");
    const browsers = { "her browser": { ...newBrowser, device }, "a new browser": newBrowser };
    await visit(newBrowser, { ...PATIENCE, visits: WARM_UP });
    const rows: Row[] = [];
    for (const attack of ATTACKS) rows.push(...(await measureUnder(site, attack, browsers)));
    return { rows };
  } finally {
    await group.stop();
  }
}

async function measureUnder(
  site: Site,
  attack: Attack,
  browsers: Record<string, Browser>,
): Promise<Row[]> {
  const tallies: Tally[] = [];
  const rows: Row[] = [];
  for (const [name, browser] of Object.entries(browsers)) {
    const { idle, attacked, tally } = await measurePair(site, attack, browser);
    tallies.push(tally);
    rows.push(
      visitRow(`sign-in from ${name}, wrong passwords from ${attack.from}`, { idle, attacked }),
    );
  }
  const what = `${PER_SECOND} wrong passwords a second from ${attack.from}`;
  return [...rows, attackRow(what, { tallies, perSecond: PER_SECOND })];
}

type Pair = { idle: Visit[]; attacked: Visit[]; tally: Tally };

/** One right after the other, so that what disturbs one disturbs both. */
async function measurePair(
  { url, databaseUrl }: Site,
  attack: Attack,
  browser: Browser,
): Promise<Pair> {
  // Each attack starts on an installation without earlier attempts: the first ones cost the most.
  await query(databaseUrl, 'DELETE FROM "SignInThrottle"');
  const idle = await visit(browser, PATIENCE);
  const arrivals = await startAttack(url, { attack, perSecond: PER_SECOND });
  try {
    const attacked = await visit(browser, PATIENCE);
    return { idle, attacked, tally: await arrivals.stop() };
  } finally {
    await arrivals.stop();
  }
}
