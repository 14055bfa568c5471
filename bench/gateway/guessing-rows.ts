import { load } from "../http-client";
import { atMost } from "../short-run";
import { median, percentile } from "../statistics";
import { type Row, row } from "../table";
import { openImap } from "./conversation";
import { type GatewayBench, startTool } from "./gateway-bench";

const ROUNDS = atMost(3, 1);
const SLICE_MS = atMost(5_000, 500);
const AT_ONCE = 2;
/** Right logins come from 127.0.0.1, wrong ones from here. */
const ATTACKER = "127.66.66.66";

/** Right logins from elsewhere beside an address that tries wrong passwords all the time. */
export async function measureGuessing(bench: GatewayBench): Promise<Row[]> {
  await rightLogins(bench, SLICE_MS);
  const quiet: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    quiet.push(await rightLogins(bench, SLICE_MS));
    const attack = await startAttack(bench, `${ATTACKER.slice(0, -2)}${66 + round}`);
    beside.push(await rightLogins(bench, SLICE_MS));
    await attack.stop();
  }
  const ratio = median(beside) / median(quiet);
  return [
    row(
      `200 wrong passwords/s from one address: right logins from elsewhere, p99`,
      `${ratio.toFixed(2)} x (${median(beside).toFixed(1)} and ${median(quiet).toFixed(1)} ms)`,
      { text: "< 2 x", isReached: ratio < 2 },
    ),
  ];
}

async function rightLogins(
  { gateway, devices }: GatewayBench,
  durationMs: number,
): Promise<number> {
  const durations: number[] = [];
  await load({ lanes: AT_ONCE, durationMs }, async (lane) => {
    const device = devices[lane];
    if (!device) throw new Error("There are no devices.");
    const startedAt = performance.now();
    const { socket } = await openImap({ between: gateway, isGateway: true }, device);
    durations.push(performance.now() - startedAt);
    socket.destroy();
  });
  return percentile(durations, 0.99);
}

function startAttack({ gateway, devices }: GatewayBench, from: string) {
  return startTool<true>("bench-attack", {
    BENCH_PORT: `${gateway.imap}`,
    BENCH_FROM: from,
    BENCH_USERS: JSON.stringify(devices.map(({ user }) => user)),
  });
}
