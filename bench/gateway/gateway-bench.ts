import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listening } from "@/e2e/servers/listening";
import { createTestCertificate } from "@/e2e/servers/test-certificate";
import { makeAuthority, makeServerCertificates } from "@/lib/devices/authority/make";
import { HOUR_MS, wallTime } from "@/lib/kernel/clock";
import { freePort } from "../../scripts/ports.mjs";
import {
  createDatabase,
  createGroup,
  type Database,
  environmentOf,
  runTool,
} from "../installation";
import type { Mailbox } from "../mail/floor-checks";
import type { SeedOrder, SeedResult } from "../mail/seed-mailboxes";
import type { DevicesOrder, SeededDevices } from "./seed-devices";

const CLOUD = "bench-bare";
const LISTENS_WITHIN_MS = 60_000;
/** As long as those of Entra ID are. */
const ACCESS_TOKEN = "t".repeat(1_900);

/** Something between clients and the bare mail server: the gateway, or the floor. */
export type Between = { pid: number; imap: number; smtp: number };

export type Device = { user: string; id: string; password: string; accessToken: string };

export type GatewayBench = {
  gateway: Between & { url: string };
  splice: Between;
  devices: Device[];
  /** May revoke devices. */
  apiKey: string;
  stop(): Promise<void>;
};

type Order = { name: string; mailboxes: number };

/** The gateway and a bare splice, both between clients and a mail server that does nothing. */
export async function startGatewayBench(
  database: Database,
  { name, mailboxes: count }: Order,
): Promise<GatewayBench> {
  const closers: (() => unknown)[] = [];
  const stop = async () => {
    for (const close of closers.reverse()) await close();
  };
  try {
    const dir = mkdtempSync(join(tmpdir(), "postkey-bench-gateway-"));
    closers.push(() => rmSync(dir, { recursive: true, force: true }));
    const { certPem, keyPem, caPem } = await createTestCertificate(dir);
    const server = await startTool<Endpoints>("bench-bare-mail", {
      BENCH_CERTIFICATE: certPem,
      BENCH_KEY: keyPem,
    });
    closers.push(server.stop);
    const splice = await startSplice(server.said, caPem);
    closers.push(splice.stop);

    const group = createGroup();
    closers.push(() => group.stop());
    const databaseUrl = await createDatabase(database, name);
    const ports = { imap: await freePort(), smtp: await freePort() };
    const extra = { ...writeConfiguration(server.said, caPem), ...listenersAt(ports) };
    const url = `http://localhost:${await freePort()}`;
    const env = environmentOf(databaseUrl, url, extra);
    const seeded = await seed(env, makeMailboxes(count));
    const { pid, url: apiUrl } = await group.gateway(databaseUrl, {
      beside: { url, pid: 0 },
      extra,
    });
    // It serves the API first, and then makes its certificate.
    await listening(ports.imap, LISTENS_WITHIN_MS);
    await listening(ports.smtp, LISTENS_WITHIN_MS);
    const gateway = { pid, ...ports, url: apiUrl };
    return { gateway, splice: splice.between, ...seeded, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Endpoint = { host: string; port: number; tls: string };
type Endpoints = { imap: Endpoint; smtp: Endpoint };

/** With the certificates that the gateway has of its own, one of each kind of key. */
async function startSplice({ imap, smtp }: Endpoints, caPem: string) {
  const pairs = await makeServerCertificates(await makeAuthority(), {
    names: ["localhost"],
    now: wallTime(),
  });
  const { said, pid, stop } = await startTool<[number, number]>("bench-splice", {
    BENCH_CERTIFICATES: JSON.stringify(pairs.map(({ certificate }) => certificate)),
    BENCH_KEYS: JSON.stringify(pairs.map(({ privateKey }) => privateKey)),
    BENCH_CA: caPem,
    BENCH_TARGETS: `${imap.port},${smtp.port}`,
  });
  return { between: { pid, imap: said[0], smtp: said[1] }, stop };
}

/** A program of the benchmark that runs until its input ends; it writes one line when it is ready. */
export async function startTool<T>(bundle: string, env: Record<string, string>) {
  const child = spawn(process.execPath, ["--conditions=react-server", `.build/${bundle}.mjs`], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const [chunk] = await Promise.race([once(child.stdout, "data"), gone(child, bundle)]);
  // Both ends are parts of this benchmark, built together.
  const said = JSON.parse(String(chunk)) as T;
  const stop = async () => {
    const exit = once(child, "exit");
    child.stdin.end();
    await exit;
  };
  return { said, pid: child.pid ?? 0, stop };
}

async function gone(child: ChildProcess, bundle: string): Promise<never> {
  const [code] = await once(child, "exit");
  throw new Error(`${bundle} ended (${code}).`);
}

function makeMailboxes(count: number): Mailbox[] {
  return Array.from({ length: count }, (_, at) => ({
    user: `mailbox${at}@contoso.test`,
    accessToken: ACCESS_TOKEN,
  }));
}

function listenersAt({ imap, smtp }: { imap: number; smtp: number }) {
  return {
    POSTKEY_DEVICE_LISTENERS: `imaps://127.0.0.1:${imap},smtps://127.0.0.1:${smtp}`,
    // What the gateway costs is measured, and not how well it waits: a session's messages are well within it.
    POSTKEY_MAILBOX_PACE: "60/1",
  };
}

function writeConfiguration({ imap, smtp }: Endpoints, caPem: string) {
  const cloud = {
    id: CLOUD,
    label: CLOUD,
    authority: "https://localhost",
    authorizeOrigin: "https://localhost",
    portal: "https://localhost",
    scopeHost: "https://outlook.office.com",
    mail: { imap, smtp, pop3: imap },
  };
  const folder = join("var", "gateway");
  mkdirSync(folder, { recursive: true });
  const [cloudsFile, caFile] = [join(folder, "clouds.json"), join(folder, "ca.pem")];
  writeFileSync(cloudsFile, JSON.stringify([cloud]));
  writeFileSync(caFile, caPem);
  return { POSTKEY_CLOUDS_FILE: cloudsFile, POSTKEY_CA_FILE: caFile };
}

async function seed(env: NodeJS.ProcessEnv, mailboxes: Mailbox[]) {
  const expiresAt = new Date(wallTime().getTime() + HOUR_MS).toISOString();
  const order: SeedOrder = { mailboxes, clouds: [CLOUD], expiresAt };
  const { accounts } = await runTool<SeedResult>("bench-seed-mailboxes", { env, order });
  const of: DevicesOrder = { accounts: accounts[CLOUD] ?? [] };
  const seeded = await runTool<SeededDevices>("bench-seed-devices", { env, order: of });
  const devices = seeded.devices.map(({ id, password }, at) => ({
    id,
    password,
    user: mailboxes[at]?.user ?? "",
    accessToken: ACCESS_TOKEN,
  }));
  return { devices, apiKey: seeded.apiKey };
}
