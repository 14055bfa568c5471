import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs, memoryOf } from "../process-usage";
import { atMost } from "../short-run";
import { percent, type Row, row } from "../table";
import { type Conversation, openImap, type Way } from "./conversation";
import type { Device, GatewayBench } from "./gateway-bench";

const OF_DEVICE = 10;
const IDLE_MS = atMost(20_000, 1_000);
const OPENED_AT_ONCE = 16;
const SETTLES_MS = atMost(3_000, 200);

/** IMAP sessions that do nothing, as most do most of the time. */
export async function measureIdle({ gateway, splice, devices }: GatewayBench): Promise<Row[]> {
  const ours = await hold({ between: gateway, isGateway: true }, devices);
  const floor = await hold({ between: splice, isGateway: false }, devices);
  const { count, share, memory } = ours;
  const title = `${count.toLocaleString("en")} idle IMAP sessions`;
  const inAll = `${megabytes(memory)} (splice ${megabytes(floor.memory)})`;
  return [
    row(`${title}: memory of the gateway`, inAll, {
      text: "<= 1,000 MB",
      isReached: memory <= 1e9,
    }),
    row(`${title}: CPU`, `${percent(share)} of a core`, {
      text: "<= 2 %",
      isReached: share <= 0.02,
    }),
    memoryRow("a session, fresh: memory", [ours.fresh, floor.fresh], 90),
    memoryRow("a session, after 100 kB: memory", [ours.after, floor.after], 180),
  ];
}

/** What sessions cost: in all and each, in bytes, and of a core. */
type Held = { count: number; memory: number; fresh: number; after: number; share: number };

async function hold(way: Way, devices: readonly Device[]): Promise<Held> {
  const { pid } = way.between;
  const before = memoryOf(pid);
  const sessions = await openSessions(way, devices);
  const count = sessions.length;
  await sleep(SETTLES_MS);
  const fresh = memoryOf(pid);
  const startedAt = performance.now();
  const usedBefore = cpuMs(pid);
  await sleep(IDLE_MS);
  const share = (cpuMs(pid) - usedBefore) / (performance.now() - startedAt);
  for (const session of sessions) await session.receive("b GIVE 100000", 100_000);
  await sleep(SETTLES_MS);
  const memory = memoryOf(pid);
  for (const { socket } of sessions) socket.destroy();
  const each = (bytes: number) => (bytes - before) / count;
  return { count, memory, fresh: each(fresh), after: each(memory), share };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

function memoryRow(what: string, [ours, floor]: [number, number], target: number): Row {
  const kib = (bytes: number) => (bytes / 1_024).toFixed(0);
  return row(what, `${kib(ours)} KiB (splice ${kib(floor)})`, {
    text: `<= ${target} KiB`,
    isReached: ours <= target * 1_024,
  });
}

/** One of many devices is revoked, and then all of them at once. */
export async function measureRevoke(bench: GatewayBench): Promise<Row[]> {
  const devices = bench.devices.slice(0, atMost(100, 4));
  const sessions = await openSessions({ between: bench.gateway, isGateway: true }, devices);
  const [first] = devices;
  if (!first) throw new Error("There are no devices.");
  const one = await timeRevoke(bench, [first], sessions.slice(0, OF_DEVICE));
  const all = await timeRevoke(bench, devices.slice(1), sessions.slice(OF_DEVICE));
  const title = `${sessions.length.toLocaleString("en")} sessions open`;
  return [
    revokeRow(`${title}, one device is revoked: its last session ends after`, one),
    revokeRow(`${title}, all devices are revoked: the last session ends after`, all),
  ];
}

function revokeRow(what: string, ms: number): Row {
  return row(what, `${Math.round(ms)} ms`, { text: "<= 1,000 ms", isReached: ms <= 1_000 });
}

/** From the answer to the last revoke on, as the console gives it. */
async function timeRevoke(
  { gateway, apiKey }: GatewayBench,
  devices: readonly Device[],
  sessions: readonly Conversation[],
): Promise<number> {
  const closed = Promise.all(sessions.map((session) => session.closed));
  for (const { id } of devices) {
    const url = `${gateway.url}/api/devices/${id}`;
    const headers = { authorization: `Bearer ${apiKey}` };
    const answer = await fetch(url, { method: "DELETE", headers });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
  }
  const revokedAt = performance.now();
  await closed;
  return Math.max(0, performance.now() - revokedAt);
}

/** In the order of the devices, as many of each as its account may have. */
async function openSessions(way: Way, devices: readonly Device[]): Promise<Conversation[]> {
  const wanted = devices.flatMap((device) => Array.from({ length: OF_DEVICE }, () => device));
  const sessions: Conversation[] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < wanted.length; at = next++) {
      const device = wanted[at];
      if (device) sessions[at] = await openImap(way, device);
    }
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, lane));
  return sessions;
}
