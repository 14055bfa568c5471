import { keepAlive, type Load, load } from "../http-client";
import { cpuMs } from "../process-usage";
import { median, medianRatio } from "../statistics";
import { percent, type Row, row } from "../table";
import { type MailBench, NEAR } from "./mailboxes";
import { testThroughRoute } from "./product-test";

const LANES = [1, 8, 32];
const ROUNDS = 5;
const SLICE_MS = 4_000;
const WARM_UP_MS = 4_000;
const RATE_TARGET = 0.85;
const CPU_TARGET = 1.25;

type Measured = { perSecond: number; cpuPerTest: number };

/** Rate and CPU time of connection tests beside those of the floor, in turns. */
export async function measureConnectionTests(bench: MailBench): Promise<Row[]> {
  const agent = keepAlive(Math.max(...LANES));
  const ids = bench.accounts[NEAR] ?? [];
  const throughRoute = (lanes: number, durationMs: number) =>
    load({ lanes, durationMs }, (lane) =>
      testThroughRoute(bench, { id: ids[lane % ids.length] ?? "", agent }),
    );
  const product = (lanes: number, durationMs = SLICE_MS) =>
    withCpu(bench.web.pid, () => throughRoute(lanes, durationMs));
  const floor = (lanes: number, durationMs = SLICE_MS) =>
    withCpu(bench.floor.pid, () => bench.floor.load({ lanes, durationMs }));

  await product(8, WARM_UP_MS);
  await floor(8, WARM_UP_MS);
  const rows: Row[] = [];
  for (const lanes of LANES) {
    const pairs: [Measured, Measured][] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      pairs.push([await product(lanes), await floor(lanes)]);
    rows.push(...rowsOf(lanes, pairs));
  }
  agent.destroy();
  return rows;
}

function rowsOf(lanes: number, pairs: [Measured, Measured][]): Row[] {
  const figure = (name: keyof Measured) => {
    const values = pairs.map(([product, floor]) => [product[name], floor[name]] as const);
    const [ours, theirs] = [0, 1].map((side) => median(values.map((pair) => pair[side] ?? 0)));
    return { ours: ours ?? 0, theirs: theirs ?? 0, ratio: medianRatio(values) };
  };
  const rate = figure("perSecond");
  const cpu = figure("cpuPerTest");
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

async function withCpu(pid: number, work: () => Promise<Load>): Promise<Measured> {
  const before = cpuMs(pid);
  const { completed, elapsedMs } = await work();
  return {
    perSecond: (completed * 1_000) / elapsedMs,
    cpuPerTest: (cpuMs(pid) - before) / completed,
  };
}
