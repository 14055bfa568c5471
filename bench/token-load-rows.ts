import { load } from "./http-client";
import { type MailBench, NEAR } from "./mail/mailboxes";
import { rawConnection, rawRequest } from "./raw-connection";
import { atMost } from "./short-run";
import { median, medianRatio, percentile } from "./statistics";
import { type Row, row } from "./table";

const AT_ONCE = 32;
const ROUNDS = atMost(5, 1);
const SLICE_MS = atMost(3_000, 500);
const WARM_UP_MS = atMost(4_000, 500);
/** What the gateway does of an operation more than Next.js does. */
const TIMES = 5;

type Figures = { perSecond: number; p99Ms: number };
const WEB: Figures = { perSecond: 1_200, p99Ms: 60 };
const GATEWAY: Figures = { perSecond: 10_000, p99Ms: 10 };

/** Cached tokens, and other operations, for programs that ask all the time: from the web and the gateway. */
export async function measureTokenLoad(bench: MailBench): Promise<Row[]> {
  const gateway = await bench.startGateway();
  const ids = bench.accounts[NEAR] ?? [];
  const through = ({ url }: { url: string }, pathOf: (id: string) => string) =>
    createLoad(bench.apiKey, (lane) => `${url}${pathOf(ids[lane % ids.length] ?? "")}`);
  const both = (pathOf: (id: string) => string) =>
    [through(bench.web, pathOf), through(gateway, pathOf)] as const;

  const [ofWeb, ofGateway] = await inTurns(both((id) => `/api/emailAccounts/${id}/accessToken`));
  const account = await inTurns(both((id) => `/api/emailAccounts/${id}`));
  const list = await inTurns(both(() => "/api/emailAccounts"));
  return [
    ...rateRows("cached token from the web", ofWeb, WEB),
    ...rateRows("cached token from the gateway", ofGateway, GATEWAY),
    ratioRow("cached token", [ofWeb, ofGateway]),
    ratioRow("one account", account),
    ratioRow("a list of 25 accounts", list),
  ];
}

type Slice = (durationMs: number) => Promise<Figures>;
type Load = { slice: Slice; close: () => void };

function createLoad(apiKey: string, urlOf: (lane: number) => string): Load {
  const lanes = Array.from({ length: AT_ONCE }, (_, lane) => {
    const url = urlOf(lane);
    const request = rawRequest("GET", url, { authorization: `Bearer ${apiKey}` });
    return { connection: rawConnection(url), request };
  });
  const slice: Slice = async (durationMs) => {
    const durations: number[] = [];
    const { completed, elapsedMs } = await load({ lanes: AT_ONCE, durationMs }, async (lane) => {
      const { connection, request } = lanes[lane] ?? {};
      const startedAt = performance.now();
      const answer = (await connection?.ask(request ?? "")) ?? "";
      durations.push(performance.now() - startedAt);
      if (!answer.startsWith("HTTP/1.1 200 ")) throw new Error(answer.slice(0, 600));
    });
    return { perSecond: (completed * 1_000) / elapsedMs, p99Ms: percentile(durations, 0.99) };
  };
  return { slice, close: () => lanes.forEach(({ connection }) => void connection.close()) };
}

type Pair<T> = readonly [web: T, gateway: T];

/** One after the other, again and again: what disturbs one disturbs both. @returns the rounds of each */
async function inTurns([web, gateway]: Pair<Load>): Promise<Pair<Figures[]>> {
  for (const { slice } of [web, gateway]) await slice(WARM_UP_MS);
  const rounds: Pair<Figures[]> = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds[0].push(await web.slice(SLICE_MS));
    rounds[1].push(await gateway.slice(SLICE_MS));
  }
  for (const { close } of [web, gateway]) close();
  return rounds;
}

const rate = (perSecond: number) => `${Math.round(perSecond).toLocaleString("en")} /s`;

function rateRows(what: string, rounds: Figures[], target: Figures): Row[] {
  const perSecond = median(rounds.map((each) => each.perSecond));
  const p99Ms = median(rounds.map((each) => each.p99Ms));
  const title = `${what}, ${AT_ONCE} at once`;
  return [
    row(`${title}: rate`, rate(perSecond), {
      text: `>= ${rate(target.perSecond)}`,
      isReached: perSecond >= target.perSecond,
    }),
    row(`${title}: p99`, `${p99Ms.toFixed(1)} ms`, {
      text: `<= ${target.p99Ms} ms`,
      isReached: p99Ms <= target.p99Ms,
    }),
  ];
}

function ratioRow(what: string, [web, gateway]: Pair<Figures[]>): Row {
  const rates = (rounds: Figures[]) => rounds.map(({ perSecond }) => perSecond);
  const pairs = rates(gateway).map((mine, at) => [mine, rates(web)[at] ?? Number.NaN] as const);
  const ratio = medianRatio(pairs);
  const measured = `${ratio.toFixed(1)} x (${rate(median(rates(gateway)))} and ${rate(median(rates(web)))})`;
  return row(`${what}: the gateway beside the web`, measured, {
    text: `>= ${TIMES} x`,
    isReached: ratio >= TIMES,
  });
}
