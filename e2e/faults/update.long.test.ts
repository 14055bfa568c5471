import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTransport } from "nodemailer";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openAuthority } from "@/lib/devices/authority/store";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { report } from "@/lib/testing/long";
import { createDevice } from "@/lib/testing/made";
import { PROXIES } from "@/lib/testing/proxies";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { build, isBuilt } from "@/scripts/build.mjs";
import { commands, waitUntilServing } from "@/scripts/installation.mjs";
import { applyMigration } from "@/scripts/migrate.mjs";
import { freePort } from "@/scripts/ports.mjs";
import { withKeyFile } from "./key-file";
import { withLimitedMailbox } from "./limited-mailbox";
import { type Running, withPrograms } from "./programs";

const sandbox = withInstallation();
const { folder } = withKeyFile();
const programs = withPrograms("gateway", "keeper", "operate");
const mailbox = withLimitedMailbox(sandbox, 1_000);
const ada = administrator();
const UNDER_WAY_MS = 3_000;
/** As a release may have: what runs does not know of it. */
const NEXT = {
  name: "99990101000000_next",
  sql: 'ALTER TABLE "EmailAccount" ADD COLUMN "next" text; CREATE TABLE "Next" (id uuid PRIMARY KEY);',
  checksum: "next",
};

type Slot = { port: number; devices: number };

/** Two of each, behind what docs/deploy.md has for HAProxy. */
function startProxy(
  at: Record<"api" | "web" | "smtp", number>,
  slots: Record<"web" | "gateway", Slot[]>,
) {
  const servers = (ports: number[], how: string) =>
    ports.map(
      (port) => `    server s${port} 127.0.0.1:${port} check inter 500 fall 1 rise 1 ${how}`,
    );
  const http = (name: "web" | "api", ports: number[]) => [
    `listen ${name}`,
    ...["mode http", "option httpchk GET /api/health", `bind 127.0.0.1:${at[name]}`],
    ...servers(ports, ""),
  ];
  const config = [
    "defaults",
    ...[
      "timeout connect 5s",
      "timeout client 60s",
      "timeout server 60s",
      "timeout check 5s",
      "option redispatch 1",
    ],
    ...http(
      "web",
      slots.web.map(({ port }) => port),
    ),
    ...http(
      "api",
      slots.gateway.map(({ port }) => port),
    ),
    "listen smtp",
    ...["mode tcp", `bind 127.0.0.1:${at.smtp}`],
    ...servers(
      slots.gateway.map(({ devices }) => devices),
      "",
    ),
    "",
  ].join("\n");
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, config);
  const proxy = spawn(PROXIES.haproxy, ["-db", "-f", file], { stdio: "ignore" });
  onTestFinished(() => void proxy.kill());
}

const stop = async (child: ChildProcess) => {
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
};

test.runIf(existsSync(PROXIES.haproxy))(
  "the next release takes the place of this one, process by process, and the key of another: nothing fails, is lost or comes twice",
  async () => {
    if (!isBuilt()) await build();
    const { cloudProviderId, emailAccountId } = await connectedAccount(ada, sandbox());
    const protocols = ["smtp" as const];
    const device = await createDevice(ada, { name: "Scanner", emailAccountId, protocols });
    const { certificate: ca } = await openAuthority();
    const apiKey = await keyFor(["tokens:read"]);
    const slot = async () => ({ port: await freePort(), devices: await freePort() });
    const slots = { web: [await slot(), await slot()], gateway: [await slot(), await slot()] };
    const at = { api: await freePort(), web: await freePort(), smtp: await freePort() };

    const startWeb = async ({ port }: Slot) => {
      const server = { host: "127.0.0.1", port };
      const env = { ...process.env, NODE_ENV: "production" as const, POSTKEY_START_ID: `${port}` };
      const child = programs.launch(commands.web(server), { env });
      await waitUntilServing({ ...server, env, child });
      return { child };
    };
    const startGateway = ({ port, devices }: Slot) => {
      const POSTKEY_DEVICE_LISTENERS = `smtps://127.0.0.1:${devices}`;
      return programs.start("gateway", {
        port,
        env: { POSTKEY_DEVICE_LISTENERS, POSTKEY_MAILBOX_PACE: "30/1" },
      });
    };
    const all: { running: Pick<Running, "child">; again: () => Promise<Pick<Running, "child">> }[] =
      [];
    for (const each of slots.web)
      all.push({ running: await startWeb(each), again: () => startWeb(each) });
    for (const each of slots.gateway)
      all.push({ running: await startGateway(each), again: () => startGateway(each) });
    for (const again of [1, 2].map(() => () => programs.start("keeper")))
      all.push({ running: await again(), again });
    startProxy(at, slots);

    const counts: Record<string, number> = {};
    const failures: string[] = [];
    let isOver = false;
    const repeat = async (what: string, ask: (count: number) => Promise<unknown>) => {
      for (let count = 1; !isOver; count += 1) {
        await ask(count).catch((error: unknown) => failures.push(`${what} ${count}: ${error}`));
        counts[what] = count;
      }
    };
    const get =
      (url: string, headers = {}) =>
      async () => {
        const answer = await fetch(url, { headers });
        await answer.text();
        if (!answer.ok) throw new Error(`${answer.status}`);
      };
    const token = `http://127.0.0.1:${at.api}/api/emailAccounts/${emailAccountId}/accessToken`;
    const auth = { user: ALICE, pass: device.password };
    const tls = { ca, servername: "localhost" };
    const server = { host: "127.0.0.1", port: at.smtp, secure: true, tls };
    const transport = createTransport({ ...server, auth });
    const send = (subject: number) =>
      transport.sendMail({ from: ALICE, to: ALICE, subject: `${subject}`, text: "Hello.\n" });
    await expect
      .poll(() => get(`http://127.0.0.1:${at.web}/sign-in`)().then(() => "up", String))
      .toBe("up");
    const load = [
      ...[1, 2].map((each) =>
        repeat(`token ${each}`, get(token, { authorization: `Bearer ${apiKey}` })),
      ),
      ...[1, 2].map((each) => repeat(`page ${each}`, get(`http://127.0.0.1:${at.web}/sign-in`))),
      repeat("message", send),
      repeat("renewal", async () => {
        await letExpire(cloudProviderId);
        await sleep(1_000);
      }),
    ];
    await sleep(UNDER_WAY_MS);
    const client = new Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    await applyMigration(client, NEXT);
    await client.end();
    const rotation = programs.operate("keys-rotate");
    for (const each of all) {
      await stop(each.running.child);
      each.running = await each.again();
      await sleep(1_000);
    }
    expect(await rotation.done, rotation.output()).toBe(0);
    await sleep(UNDER_WAY_MS);
    isOver = true;
    await Promise.all(load);
    report("update", { ...counts, failed: failures.length });
    expect(failures).toEqual([]);
    const sent = Array.from({ length: counts.message ?? 0 }, (_, index) => `${index + 1}`);
    expect(mailbox().delivered).toEqual(sent);
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
    expect(await db().incident.count()).toBe(0);
  },
  5 * MINUTE_MS,
);
