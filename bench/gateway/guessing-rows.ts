import { setTimeout as sleep } from "node:timers/promises";
import { load } from "../http-client";
import { atMost } from "../short-run";
import { median, percentile } from "../statistics";
import { type Row, row } from "../table";
import { open, openImap } from "./conversation";
import type { GatewayBench } from "./gateway-bench";

const ROUNDS = atMost(3, 1);
const SLICE_MS = atMost(5_000, 500);
const PER_SECOND = 200;
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
    const attack = startAttack(bench, `${ATTACKER.slice(0, -2)}${66 + round}`);
    beside.push(await rightLogins(bench, SLICE_MS));
    await attack.stop();
  }
  const ratio = median(beside) / median(quiet);
  return [
    row(
      `${PER_SECOND} wrong passwords/s from one address: right logins from elsewhere, p99`,
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

function startAttack({ gateway, devices }: GatewayBench, localAddress: string) {
  let isOver = false;
  const under = new Set<Promise<void>>();
  const tryOne = async (turn: number) => {
    const client = await open({ port: gateway.imap, localAddress }).catch(() => null);
    const user = devices[turn % devices.length]?.user ?? "";
    await client?.ask(`a LOGIN ${user} ${"0".repeat(32)}`, "a NO").catch(() => {});
    client?.socket.destroy();
  };
  const run = async () => {
    for (let turn = 0; !isOver; turn += 1) {
      const attempt = tryOne(turn).finally(() => under.delete(attempt));
      under.add(attempt);
      await sleep(1_000 / PER_SECOND);
    }
  };
  const running = run();
  return {
    async stop() {
      isOver = true;
      await running;
      await Promise.all(under);
    },
  };
}
