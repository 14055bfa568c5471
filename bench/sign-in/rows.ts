import { SECOND_MS } from "@/lib/kernel/clock";
import { percentile } from "../statistics";
import { type Row, row } from "../table";
import type { Tally } from "./arrivals";
import type { Visit } from "./visits";

const TARGET = 2;
/** Up to eighteen are looked at or wait for it when an attack ends: that is no lag. */
const RATE_SHARE = 0.98;

/**
 * How long it takes to sign in during an attack, beside the same when all is quiet. Who gave up counts with
 * the time that she waited: left out, the slowest would make the figure better.
 */
export function visitRow(
  what: string,
  { idle, attacked }: { idle: readonly Visit[]; attacked: readonly Visit[] },
): Row {
  const [calm, busy] = [percentilesOf(idle), percentilesOf(attacked)];
  const ratio = busy.p99 / calm.p99;
  const away = attacked.filter(({ isIn }) => !isIn).length;
  const refused = attacked.filter(({ refusals }) => refusals > 0).length;
  const beside = [
    `${inWords(busy.p99)} of ${inWords(calm.p99)}`,
    `p50 ${inWords(busy.p50)} of ${inWords(calm.p50)}`,
    ...(refused > 0 ? [`${refused} of ${attacked.length} told to wait`] : []),
    ...(away > 0 ? [`${away} gave up`] : []),
  ];
  return row(
    `${what}: p99`,
    `${away > 0 ? "> " : ""}${ratio.toFixed(2)} x idle (${beside.join("; ")})`,
    { text: `< ${TARGET} x idle`, isReached: away === 0 && ratio < TARGET },
  );
}

function percentilesOf(visits: readonly Visit[]) {
  const times = visits.map(({ ms }) => ms);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

function inWords(ms: number): string {
  return ms < 10 * SECOND_MS ? `${Math.round(ms)} ms` : `${(ms / SECOND_MS).toFixed(0)} s`;
}

/** That the attack was what it says: as many as it was to be were answered meanwhile, and each was refused. */
export function attackRow(
  what: string,
  { tallies, perSecond }: { tallies: readonly Tally[]; perSecond: number },
): Row {
  const sum = (of: (tally: Tally) => number) => tallies.map(of).reduce((a, b) => a + b, 0);
  const arrived = sum((tally) => tally.arrived);
  const rate = sum((tally) => tally.answeredMeanwhile) / sum(({ seconds }) => seconds);
  const wrong = sum(({ answers }) => answers["401"] ?? 0);
  const wait = sum(({ answers }) => answers["429"] ?? 0);
  const count = (each: number) => each.toLocaleString("en");
  const measured = `${count(wrong + wait)} of ${count(arrived)} (${count(wrong)} and ${count(wait)}), ${rate.toFixed(1)} /s`;
  return row(`${what}: answered with 401 and 429`, measured, {
    text: `all, ${perSecond} /s`,
    isReached: wrong + wait === arrived && rate >= perSecond * RATE_SHARE,
  });
}
