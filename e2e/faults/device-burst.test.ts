import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openAuthority } from "@/lib/devices/authority/store";
import { administrator } from "@/lib/testing/actors";
import { either, report } from "@/lib/testing/long";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { freePort } from "@/scripts/ports.mjs";
import { withLimitedMailbox } from "./limited-mailbox";
import { end, type Running, withPrograms } from "./programs";

/** A burst at one mailbox from several senders over two gateways, while gateways and senders are killed. */
const sandbox = withInstallation();
const programs = withPrograms("gateway");
const MESSAGES = either({ short: 40, long: 300 });
const KILLS = either({ short: 2, long: 100 });
const SPAN_S = either({ short: 1, long: 30 });
const SENDERS = either({ short: 3, long: 6 });
const MOST_MS = either({ short: 120_000, long: 900_000 });
const server = withLimitedMailbox(sandbox, SPAN_S * 1_000);
const { folder } = server;

test(
  `a burst of ${MESSAGES} messages over ${KILLS} kills: none is refused at the mailbox, none is lost`,
  async () => {
    const ports = [await freePort(), await freePort()];
    const gateways = ports.map(startGateway);
    await Promise.all(gateways);
    const senders = await startSenders(ports);
    const startedAt = performance.now();
    const delivered = () => new Set(server().delivered).size;
    const patience = { timeout: MOST_MS, interval: 20 };
    // Over most of the messages.
    for (let kill = 0; kill < KILLS; kill += 1) {
      await expect.poll(delivered, patience).toBeGreaterThan((0.8 * MESSAGES * kill) / KILLS);
      await killOne(kill, { gateways, ports, senders });
    }
    const left = () => senders.reduce((sum, { queue }) => sum + readdirSync(queue).length, 0);
    await expect.poll(left, patience).toBe(0);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
    const twice = server().delivered.length - delivered();
    const { refusals } = server();
    report("burst", { messages: MESSAGES, kills: KILLS, seconds, twice, refused: refusals.length });
    expect(refusals).toEqual([]);
    expect(delivered()).toBe(MESSAGES);
    const said = senders.flatMap((sender) => sender.said);
    expect(said.filter((line) => !line.startsWith("later"))).toEqual([]);
    for (const { child } of senders) await end(child);
  },
  MOST_MS + 60_000,
);

function startGateway(port: number): Promise<Running> {
  return programs.start("gateway", {
    env: {
      POSTKEY_DEVICE_LISTENERS: `smtps://127.0.0.1:${port}`,
      POSTKEY_MAILBOX_PACE: `30/${SPAN_S}`,
    },
  });
}

type Sender = { queue: string; said: string[]; child: ChildProcess; start: () => ChildProcess };

async function startSenders(ports: number[]): Promise<Sender[]> {
  const ada = administrator();
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["smtp" as const];
  const { password } = await createDevice(ada, { name: "ERP", emailAccountId, protocols });
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, (await openAuthority()).certificate);
  const shared = { USER_NAME: ALICE, PASSWORD: password, CA: caFile, PORTS: ports.join(",") };
  return Array.from({ length: SENDERS }, (_, at) => {
    const queue = join(folder, `queue-${at}`);
    mkdirSync(queue);
    for (let message = at; message < MESSAGES; message += SENDERS)
      writeFileSync(join(queue, `${message}.eml`), `Subject: ${message}\r\n\r\nHello.\r\n`);
    return startSender({ ...shared, QUEUE: queue, TURN: `${at}` });
  });
}

function startSender(env: Record<string, string> & { QUEUE: string }): Sender {
  const said: string[] = [];
  const start = () => {
    const child = spawn("python3", ["e2e/faults/queueing-sender.py"], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
    return child;
  };
  return { queue: env.QUEUE, said, start, child: start() };
}

type Killable = { gateways: Promise<Running>[]; ports: number[]; senders: Sender[] };

/** In turn a sender and a gateway; what was killed is started again, and the next one is killed meanwhile. */
async function killOne(kill: number, { gateways, ports, senders }: Killable): Promise<void> {
  const at = (kill >> 1) % gateways.length;
  const gateway = await gateways[at];
  const sender = senders[(kill >> 1) % senders.length];
  if (!gateway || !sender) return;
  if (kill % 2 === 0) {
    const gone = once(sender.child, "exit");
    sender.child.kill("SIGKILL");
    if (sender.child.exitCode === null) await gone;
    sender.child = sender.start();
    return;
  }
  await end(gateway.child);
  gateways[at] = startGateway(ports[at] ?? 0);
}
