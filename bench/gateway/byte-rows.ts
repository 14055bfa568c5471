import { cpuMs } from "../process-usage";
import { atMost } from "../short-run";
import { median, medianRatio } from "../statistics";
import { percent, type Row, row } from "../table";
import { type Conversation, openImap, openSmtp, type Way } from "./conversation";
import type { Device, GatewayBench } from "./gateway-bench";

const MB = 1_000_000;
const MEGABYTES = atMost(400, 10);
const ROUNDS = atMost(5, 1);

/** One large answer, through the gateway and through a bare splice, in turns. */
export async function measureBytes({ gateway, splice, devices }: GatewayBench): Promise<Row[]> {
  const [device] = devices;
  if (!device) throw new Error("There are no devices.");
  const rounds: [Carried, Carried][] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push([
      await carry({ between: gateway, isGateway: true }, device),
      await carry({ between: splice, isGateway: false }, device),
    ]);
  const cpu = median(rounds.map(([ours]) => ours.cpuMs));
  const floorCpu = median(rounds.map(([, floor]) => floor.cpuMs));
  const perSecond = median(rounds.map(([ours]) => ours.perSecond));
  const share = medianRatio(rounds.map(([ours, floor]) => [ours.perSecond, floor.perSecond]));
  return [
    row("bytes, TLS to TLS: CPU", `${cpu.toFixed(2)} ms a MB (splice ${floorCpu.toFixed(2)})`, {
      text: "<= 2.5 ms a MB",
      isReached: cpu <= 2.5,
    }),
    row(
      "bytes, TLS to TLS: rate beside a bare splice",
      `${percent(share)} (${perSecond.toFixed(0)} MB/s)`,
      { text: ">= 85 %", isReached: share >= 0.85 },
    ),
  ];
}

type Carried = { perSecond: number; cpuMs: number };

async function carry(way: Way, device: Device): Promise<Carried> {
  const client = await openImap(way, device);
  await client.receive(`b GIVE ${MB}`, MB);
  const before = cpuMs(way.between.pid);
  const startedAt = performance.now();
  for (let part = 0; part < MEGABYTES; part += 10)
    await client.receive(`c GIVE ${10 * MB}`, 10 * MB);
  const seconds = (performance.now() - startedAt) / 1_000;
  client.socket.destroy();
  return { perSecond: MEGABYTES / seconds, cpuMs: (cpuMs(way.between.pid) - before) / MEGABYTES };
}

const SESSIONS = 8;
/** Of all that is sent: whose device is the next. */
let turn = 0;
const TOGETHER = 20;
const MESSAGES = atMost(4_000, 160);
const BODY = `Subject: Bench\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(278)}.`;

/** Messages of 20 kB, with others in one session and in sessions of their own. */
export async function measureMessages(bench: GatewayBench): Promise<Row[]> {
  const together = await sendAll(bench, TOGETHER);
  const alone = await sendAll(bench, 1);
  return [
    messageRow(`a 20 kB message, ${TOGETHER} in a session: CPU`, together, 0.35),
    messageRow("a 20 kB message, 1 in a session: CPU", alone, 3),
  ];
}

type Sent = { ours: number; floor: number };

function messageRow(what: string, { ours, floor }: Sent, target: number): Row {
  return row(what, `${ours.toFixed(2)} ms (splice ${floor.toFixed(2)})`, {
    text: `<= ${target} ms`,
    isReached: ours <= target,
  });
}

async function sendAll(bench: GatewayBench, inSession: number): Promise<Sent> {
  const ours: Way = { between: bench.gateway, isGateway: true };
  const floor: Way = { between: bench.splice, isGateway: false };
  const messages = inSession === 1 ? MESSAGES / 4 : MESSAGES;
  const cost = (way: Way, count: number) => send(way, { ...bench, inSession, messages: count });
  for (const way of [ours, floor]) await cost(way, messages / 4);
  const rounds: [number, number][] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push([await cost(ours, messages), await cost(floor, messages)]);
  return {
    ours: median(rounds.map(([each]) => each)),
    floor: median(rounds.map(([, each]) => each)),
  };
}

type Sending = Pick<GatewayBench, "devices"> & { inSession: number; messages: number };

/** @returns milliseconds of CPU for each message, with its part of the session */
async function send(way: Way, { devices, inSession, messages }: Sending): Promise<number> {
  const before = cpuMs(way.between.pid);
  let left = messages;
  const lane = async () => {
    while (left > 0) {
      // In turn, so that no mailbox has more than its pace.
      const device = devices[turn++ % Math.min(devices.length, 8 * SESSIONS)];
      if (!device) throw new Error("There are no devices.");
      left -= inSession;
      const client = await openSmtp(way, device);
      for (let message = 0; message < inSession; message += 1) await sendOne(client, device);
      await client.ask("QUIT", "221 ");
      client.socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: SESSIONS }, lane));
  return (cpuMs(way.between.pid) - before) / messages;
}

async function sendOne(client: Conversation, { user }: Device): Promise<void> {
  await client.ask(`MAIL FROM:<${user}>`, "250 ");
  await client.ask(`RCPT TO:<${user}>`, "250 ");
  await client.ask("DATA", "354 ");
  await client.ask(BODY, "250 ");
}
