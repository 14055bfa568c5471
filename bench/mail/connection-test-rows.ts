import { elapsed } from "@/lib/kernel/clock";
import { type Load, load } from "../http-client";
import { cpuMs } from "../process-usage";
import { atMost } from "../short-run";
import { median, medianRatio } from "../statistics";
import { percent, type Result, type Row, row } from "../table";
import { type MailBench, NEAR } from "./mailboxes";
import { openLanes } from "./product-test";

const LANES = [1, 8, 32];
/** Where the floor is measured a second time, without what ImapFlow does for longer sessions. */
const LEAN_LANES = 8;
const ROUNDS = atMost(5, 1);
const SLICE_MS = atMost(3_000, 1_000);
/**
 * Tests that each side runs beforehand, so that its code is compiled; and for how long at most. After 900 a twelfth
 * of the product's CPU is still the compiler's, after 2,500 a fortieth.
 */
const WARM_UP = { tests: atMost(2_500, 1), lanes: 16, deadlineMs: 100_000 };
const RATE_TARGET = 0.85;
const CPU_TARGET = 1.25;

type Measured = { completed: number; perSecond: number; cpuPerTest: number };
type Side = (lanes: number) => Promise<Measured>;

/** Rate and CPU time of connection tests beside those of the floor, in turns. */
export async function measureConnectionTests(bench: MailBench): Promise<Result> {
  const route = openLanes(bench, bench.accounts[NEAR] ?? []);
  const throughRoute = (lanes: number) => load({ lanes, durationMs: SLICE_MS }, route.test);
  const product: Side = (lanes) => withCpu(bench.web.pid, () => throughRoute(lanes));
  const bare =
    (isLean: boolean): Side =>
    (lanes) =>
      withCpu(bench.floor.pid, () => bench.floor.load({ lanes, durationMs: SLICE_MS, isLean }));
  const [floor, leanFloor] = [bare(false), bare(true)];

  await warmUp(product);
  await warmUp(floor);
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const lanes of LANES) {
    const pairs: [Measured, Measured][] = [];
    const leanPairs: [Measured, Measured][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const ours = await product(lanes);
      pairs.push([ours, await floor(lanes)]);
      if (lanes === LEAN_LANES) leanPairs.push([ours, await leanFloor(lanes)]);
    }
    rows.push(...rowsOf(lanes, pairs));
    if (lanes === LEAN_LANES) notes.push(leanNote(lanes, leanPairs));
  }
  route.close();
  return { rows, notes };
}

async function warmUp(side: Side): Promise<void> {
  const deadline = elapsed() + WARM_UP.deadlineMs;
  for (let tests = 0; tests < WARM_UP.tests && elapsed() < deadline; )
    tests += (await side(WARM_UP.lanes)).completed;
}

function compare(pairs: [Measured, Measured][], figure: "perSecond" | "cpuPerTest") {
  const values = pairs.map(([ours, theirs]) => [ours[figure], theirs[figure]] as const);
  return {
    ours: median(values.map(([value]) => value)),
    theirs: median(values.map(([, value]) => value)),
    ratio: medianRatio(values),
  };
}

function rowsOf(lanes: number, pairs: [Measured, Measured][]): Row[] {
  const rate = compare(pairs, "perSecond");
  const cpu = compare(pairs, "cpuPerTest");
  return [
    row(
      `connection tests, ${lanes} at once: rate`,
      `${percent(rate.ratio)} of the floor's (${rate.ours.toFixed(1)} of ${rate.theirs.toFixed(1)} /s)`,
      { text: `>= ${percent(RATE_TARGET)}`, isReached: rate.ratio >= RATE_TARGET },
    ),
    row(
      `connection tests, ${lanes} at once: CPU per test`,
      `${cpu.ratio.toFixed(2)} x the floor's (${cpu.ours.toFixed(1)} of ${cpu.theirs.toFixed(1)} ms)`,
      { text: `<= ${CPU_TARGET} x`, isReached: cpu.ratio <= CPU_TARGET },
    ),
  ];
}

function leanNote(lanes: number, pairs: [Measured, Measured][]): string {
  const rate = percent(compare(pairs, "perSecond").ratio);
  const cpu = compare(pairs, "cpuPerTest").ratio.toFixed(2);
  return `The floor uses its libraries as they come. With COMPRESS and ENABLE switched off in it, the product's tests, ${lanes} at once, run at ${rate} of its rate with ${cpu} x its CPU.`;
}

async function withCpu(pid: number, work: () => Promise<Load>): Promise<Measured> {
  const before = cpuMs(pid);
  const { completed, elapsedMs } = await work();
  return {
    completed,
    perSecond: (completed * 1_000) / elapsedMs,
    cpuPerTest: (cpuMs(pid) - before) / completed,
  };
}
