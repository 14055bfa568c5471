import { load } from "./http-client";
import { type MailBench, NEAR } from "./mail/mailboxes";
import { cpuMs } from "./process-usage";
import { rawConnection, rawRequest } from "./raw-connection";
import { atMost } from "./short-run";
import { median, medianRatio } from "./statistics";
import { percent, type Result, row } from "./table";

const CONNECTIONS = 16;
const ROUNDS = atMost(9, 1);
const SLICE_MS = atMost(2_000, 500);
const WARM_UP_MS = atMost(4_000, 500);
const TARGET = 0.8;

/** Handing out cached tokens beside the emptiest route of the same server, in turns. */
export async function measureTokens({ web, apiKey, accounts }: MailBench): Promise<Result> {
  const connections = Array.from({ length: CONNECTIONS }, () => rawConnection(web.url));
  const ids = accounts[NEAR] ?? [];
  const run = (path: (lane: number) => string) => {
    const headers = { authorization: `Bearer ${apiKey}` };
    const lanes = connections.map((connection, lane) => {
      const request = rawRequest("GET", `${web.url}${path(lane)}`, headers);
      return async () => {
        const answer = await connection.ask(request);
        if (!answer.startsWith("HTTP/1.1 200 ")) throw new Error(answer.slice(0, 600));
      };
    });
    return async (durationMs: number) => {
      const work = async (lane: number) => lanes[lane]?.();
      const { completed, elapsedMs } = await load({ lanes: CONNECTIONS, durationMs }, work);
      return (completed * 1_000) / elapsedMs;
    };
  };
  const token = run((lane) => `/api/emailAccounts/${ids[lane % ids.length]}/accessToken`);
  const empty = run(() => "/api/bench");
  await token(WARM_UP_MS);
  await empty(WARM_UP_MS);
  const pairs: [number, number][] = [];
  const emptyCpuMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await token(SLICE_MS);
    const before = cpuMs(web.pid);
    const perSecond = await empty(SLICE_MS);
    pairs.push([ours, perSecond]);
    emptyCpuMs.push((cpuMs(web.pid) - before) / ((perSecond * SLICE_MS) / 1_000));
  }
  for (const connection of connections) connection.close();
  const ratio = medianRatio(pairs);
  const [ours, floor] = [median(pairs.map(([mine]) => mine)), median(pairs.map(([, its]) => its))];
  const measured = `${percent(ratio)} of an empty route's (${Math.round(ours)} of ${Math.round(floor)} /s)`;
  const target = { text: `>= ${percent(TARGET)}`, isReached: ratio >= TARGET };
  return {
    rows: [row("cached token through the route: rate", measured, target)],
    notes: [
      `An empty request of this server costs ${median(emptyCpuMs).toFixed(2)} ms of CPU; a connection test is one request, eight statements and a stream beside its three connections.`,
    ],
  };
}
