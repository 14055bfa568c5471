import { load } from "../http-client";
import { cpuMs } from "../process-usage";
import { atMost } from "../short-run";
import { median, medianRatio, percentile } from "../statistics";
import { percent, type Row, row } from "../table";
import { openImap, type Way } from "./conversation";
import type { GatewayBench } from "./gateway-bench";

const AT_ONCE = 16;
const ROUNDS = atMost(5, 1);
const SLICE_MS = atMost(4_000, 500);
const WARM_UP_MS = atMost(4_000, 500);
/** What email-oauth2-proxy was measured at, on such a machine; it is not run here. */
const OTHER_PROXY_PER_SECOND = 5.5;

type Slice = { perSecond: number; p50Ms: number; p99Ms: number; cpuMs: number };

/** IMAP logins, many at once: through the gateway, and through a splice in which the client has the token. */
export async function measureLogins({ gateway, splice, devices }: GatewayBench): Promise<Row[]> {
  const ours: Way = { between: gateway, isGateway: true };
  const floor: Way = { between: splice, isGateway: false };
  const slice = (way: Way, durationMs: number) => logIns(way, { devices, durationMs });
  for (const way of [ours, floor]) await slice(way, WARM_UP_MS);
  const rounds: [Slice, Slice][] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push([await slice(ours, SLICE_MS), await slice(floor, SLICE_MS)]);
  return rowsOf(rounds);
}

async function logIns(
  way: Way,
  { devices, durationMs }: Pick<GatewayBench, "devices"> & { durationMs: number },
): Promise<Slice> {
  const durations: number[] = [];
  const before = cpuMs(way.between.pid);
  let turn = 0;
  const { completed, elapsedMs } = await load({ lanes: AT_ONCE, durationMs }, async () => {
    turn += 1;
    const device = devices[turn % Math.min(devices.length, 2 * AT_ONCE)];
    if (!device) throw new Error("There are no devices.");
    const startedAt = performance.now();
    const { socket } = await openImap(way, device);
    durations.push(performance.now() - startedAt);
    socket.destroy();
  });
  return {
    perSecond: (completed * 1_000) / elapsedMs,
    p50Ms: median(durations),
    p99Ms: percentile(durations, 0.99),
    cpuMs: (cpuMs(way.between.pid) - before) / completed,
  };
}

function rowsOf(rounds: readonly [Slice, Slice][]): Row[] {
  const cpu = median(rounds.map(([ours]) => ours.cpuMs));
  const floorCpu = median(rounds.map(([, floor]) => floor.cpuMs));
  const perSecond = median(rounds.map(([ours]) => ours.perSecond));
  const share = medianRatio(rounds.map(([ours, floor]) => [ours.perSecond, floor.perSecond]));
  const title = `login, ${AT_ONCE} at once`;
  return [
    row(`${title}: CPU`, `${cpu.toFixed(2)} ms (splice ${floorCpu.toFixed(2)})`, {
      text: "<= 2.5 ms",
      isReached: cpu <= 2.5,
    }),
    latencyRow(`${title}: latency added, p50`, rounds, { of: "p50Ms", target: 5 }),
    latencyRow(`${title}: latency added, p99`, rounds, { of: "p99Ms", target: 25 }),
    row(`${title}: rate beside a bare splice`, `${percent(share)} (${perSecond.toFixed(0)} /s)`, {
      text: ">= 85 %",
      isReached: share >= 0.85,
    }),
    row(
      `${title}: rate beside email-oauth2-proxy's ${OTHER_PROXY_PER_SECOND} /s`,
      `${(perSecond / OTHER_PROXY_PER_SECOND).toFixed(0)} x`,
      { text: ">= 20 x", isReached: perSecond >= 20 * OTHER_PROXY_PER_SECOND },
    ),
  ];
}

function latencyRow(
  what: string,
  rounds: readonly [Slice, Slice][],
  { of, target }: { of: "p50Ms" | "p99Ms"; target: number },
): Row {
  const added = median(rounds.map(([ours, floor]) => ours[of] - floor[of]));
  const whole = median(rounds.map(([ours]) => ours[of]));
  return row(what, `${added.toFixed(1)} ms (${whole.toFixed(1)} in all)`, {
    text: `<= ${target} ms`,
    isReached: added <= target,
  });
}
