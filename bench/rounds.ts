import { readFileSync } from "node:fs";

/** Whether this run only proves that every part can be measured; its figures are not written down. */
export const isShortRun = process.argv.includes("--short");

/** So many of something, or fewer in a short run. */
export function inFull(count: number, inShortRun: number): number {
  return isShortRun ? inShortRun : count;
}

/** The value below which such a share of all values lies; 0.95 is the 95th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export type Load = { elapsedMs: number; times: number[] };
export type Lanes = { lanes: number; durationMs: number };

/** Repeats `work` in so many lanes at once until the time is up, and waits for what is under way. */
export async function load(
  { lanes, durationMs }: Lanes,
  work: (lane: number) => Promise<unknown>,
): Promise<Load> {
  const startedAt = performance.now();
  const times: number[] = [];
  const run = async (lane: number) => {
    for (let at = startedAt; at - startedAt < durationMs; at = performance.now()) {
      await work(lane);
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  return { elapsedMs: performance.now() - startedAt, times };
}

/** Milliseconds that each turn takes, one after the other. */
export async function timesOf(
  work: (turn: number) => Promise<unknown>,
  { warmUp, turns }: { warmUp: number; turns: number },
): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    const startedAt = performance.now();
    await work(turn);
    if (turn >= warmUp) times.push(performance.now() - startedAt);
  }
  return times;
}

/** What a unit of work costs a process, and how long it takes. */
export type Sample = { perSecond: number; cpuMs: number; p50Ms: number; p99Ms: number };
export type Slice = (durationMs: number) => Promise<Sample>;

export function sliceOf(pid: number, run: (durationMs: number) => Promise<Load>): Slice {
  return async (durationMs) => {
    const before = cpuMs(pid);
    const { times, elapsedMs } = await run(durationMs);
    return {
      perSecond: (times.length * 1_000) / elapsedMs,
      cpuMs: (cpuMs(pid) - before) / times.length,
      p50Ms: median(times),
      p99Ms: percentile(times, 0.99),
    };
  };
}

/** Two sides in turns, so that what disturbs one disturbs both. */
export async function compare(
  [product, bare]: readonly [Slice, Slice],
  warmUpMs = inFull(4_000, 500),
) {
  for (const slice of [product, bare]) await slice(warmUpMs);
  const sliceMs = inFull(3_000, 500);
  const pairs: { ours: Sample; floor: Sample }[] = [];
  for (let round = 0; round < inFull(5, 1); round += 1)
    pairs.push({ ours: await product(sliceMs), floor: await bare(sliceMs) });
  return (of: keyof Sample) => ({
    ours: median(pairs.map(({ ours }) => ours[of])),
    floor: median(pairs.map(({ floor }) => floor[of])),
    ratio: median(pairs.map(({ ours, floor }) => ours[of] / floor[of])),
    added: median(pairs.map(({ ours, floor }) => ours[of] - floor[of])),
  });
}

/** USER_HZ: the same on every Linux architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time that a process has used so far, user and system. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name in parentheses may hold spaces: proc(5), fields 14 and 15 count from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** Memory of a process (PSS: shared pages counted in proportion). */
export function memoryMb(pid: number): number {
  const usage = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  return Number(/^Pss:\s+(\d+) kB/m.exec(usage)?.[1]) / 1_024;
}

/** A process and everything below it. */
export function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return [pid, ...children.split(" ").filter(Boolean).map(Number).flatMap(familyOf)];
}
