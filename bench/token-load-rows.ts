import { freePort } from "@/scripts/ports.mjs";
import { load } from "./http-client";
import { type MailBench, NEAR } from "./mail/mailboxes";
import { rawConnection, rawRequest } from "./raw-connection";
import { atMost } from "./short-run";
import { median, percentile } from "./statistics";
import { type Row, row } from "./table";

const AT_ONCE = 32;
const ROUNDS = atMost(5, 1);
const SLICE_MS = atMost(3_000, 500);
const WARM_UP_MS = atMost(4_000, 500);

type Target = { perSecond: number; p99Ms: number };
const WEB: Target = { perSecond: 1_000, p99Ms: 60 };
const LISTENER: Target = { perSecond: 10_000, p99Ms: 10 };

/** Cached tokens for programs that ask all the time: from the web, and from the keeper's own listener. */
export async function measureTokenLoad(bench: MailBench): Promise<Row[]> {
  const port = await freePort();
  bench.startKeeper({ POSTKEY_TOKEN_PORT: String(port) });
  const listener = `http://127.0.0.1:${port}`;
  await untilListening(listener);
  return [
    ...(await measure(bench, { from: "web", origin: bench.web.url, target: WEB })),
    ...(await measure(bench, { from: "keeper's listener", origin: listener, target: LISTENER })),
  ];
}

type Source = { from: string; origin: string; target: Target };

async function measure(
  { apiKey, accounts }: MailBench,
  { from, origin, target }: Source,
): Promise<Row[]> {
  const ids = accounts[NEAR] ?? [];
  const headers = { authorization: `Bearer ${apiKey}` };
  const lanes = Array.from({ length: AT_ONCE }, (_, lane) => {
    const path = `/api/emailAccounts/${ids[lane % ids.length]}/accessToken`;
    const request = rawRequest("GET", `${origin}${path}`, headers);
    return { connection: rawConnection(origin), request };
  });
  let durations: number[] = [];
  const slice = async (durationMs: number) => {
    durations = [];
    const { completed, elapsedMs } = await load({ lanes: AT_ONCE, durationMs }, async (lane) => {
      const { connection, request } = lanes[lane] ?? {};
      const startedAt = performance.now();
      const answer = (await connection?.ask(request ?? "")) ?? "";
      durations.push(performance.now() - startedAt);
      if (!answer.startsWith("HTTP/1.1 200 ")) throw new Error(answer.slice(0, 600));
    });
    return { perSecond: (completed * 1_000) / elapsedMs, p99Ms: percentile(durations, 0.99) };
  };
  await slice(WARM_UP_MS);
  const rounds: Target[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await slice(SLICE_MS));
  for (const { connection } of lanes) connection.close();
  const perSecond = median(rounds.map((each) => each.perSecond));
  const p99Ms = median(rounds.map((each) => each.p99Ms));
  const title = `cached token from the ${from}, ${AT_ONCE} at once`;
  return [
    row(`${title}: rate`, `${Math.round(perSecond).toLocaleString("en")} /s`, {
      text: `>= ${target.perSecond.toLocaleString("en")} /s`,
      isReached: perSecond >= target.perSecond,
    }),
    row(`${title}: p99`, `${p99Ms.toFixed(1)} ms`, {
      text: `<= ${target.p99Ms} ms`,
      isReached: p99Ms <= target.p99Ms,
    }),
  ];
}

async function untilListening(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isThere = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The keeper's listener did not start.");
}
