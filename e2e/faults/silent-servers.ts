import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PgBoss } from "pg-boss";
import { afterAll, beforeAll } from "vitest";
import { startTestSandbox, type TestSandbox } from "@/e2e/sandbox/testing";
import { isAvailable } from "@/e2e/servers/mail-servers";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { startBoss } from "@/lib/keeper/deliveries";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { withDovecot } from "@/lib/testing/dovecot";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { connectedAccount } from "@/lib/testing/sign-in";
import { openedCache } from "@/lib/testing/tokens";
import { withPrograms } from "./programs";
import { type SilentProxy, startSilentProxy } from "./silent-proxy";
import { trustBoth } from "./trust-both";

const ada = administrator();
const USER = "silent@contoso.test";

export type Surroundings = {
  /** Its faults stay as they are set: tests that run at once do not take them from each other. */
  sandbox: TestSandbox;
  platform: SilentProxy;
  imap: SilentProxy | undefined;
  /** The job library, for what has to be put in line. */
  boss: PgBoss;
  /** Puts a message into the inbox that is followed. */
  send(from: string): Promise<void>;
};

/**
 * A keeper with so many sign-ins and an inbox at Dovecot, and a proxy that can fall silent in front of
 * each of the servers that it speaks to.
 */
export function withSilentServers(options: { signIns: number }) {
  let surroundings: Surroundings | undefined;
  const stops: (() => unknown)[] = [];
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
    process.env.POSTKEY_CLOUDS_FILE = sandbox.cloudFile;
    process.env.POSTKEY_CA_FILE = sandbox.caFile;
    stops.push(() => sandbox.dispose());
  });
  withDatabase();
  const programs = withPrograms("keeper");
  const dovecot = withDovecot();
  beforeAll(async () => {
    const folder = await trustBoth(sandbox);
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const platform = await startSilentProxy(sandbox.cloud.authority);
    stops.push(platform.close);
    const host = `localhost:${new URL(platform.url).port}`;
    await seedSignIns(sandbox, { host, count: options.signIns });
    const imap = isAvailable() ? await addInbox(dovecot()) : undefined;
    if (imap) stops.push(imap.close);
    const boss = await startBoss();
    stops.push(() => boss.stop({ graceful: false }));
    await programs.start("keeper", {
      env: { POSTKEY_CLOUDS_FILE: await cloudsAt(host, sandbox, folder) },
      stays: true,
    });
    const send = (from: string) =>
      dovecot().inboxes.put(USER, `From: <${from}>\r\nSubject: x\r\n\r\nx\r\n`);
    surroundings = { sandbox, platform, imap, boss, send };
  }, 120_000);
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });
  return () => {
    if (!surroundings) throw new Error("The servers run during tests only.");
    return surroundings;
  };
}

/** MSAL keeps tokens by the host that they are from. */
async function seedSignIns(
  sandbox: TestSandbox,
  { host, count }: { host: string; count: number },
): Promise<void> {
  const { cloudProviderId } = await connectedAccount(ada, sandbox);
  const opened = await openedCache(cloudProviderId);
  const cache = opened.replaceAll(new URL(sandbox.cloud.authority).host, host);
  const { homeAccountId } = await db().authorization.findFirstOrThrow();
  // The sign-in through the front door is not among those that are counted.
  await db().emailAccount.deleteMany();
  await db().authorization.deleteMany();
  const wanted = { count, perProvider: 1, dueInMs: 30 * MINUTE_MS, cache, homeAccountId };
  await seedAuthorizations(sandbox, wanted);
}

/** The sandbox's presets with another host for its identity platform. @returns their file */
async function cloudsAt(host: string, sandbox: TestSandbox, folder: string): Promise<string> {
  const { cloud, cloudFile } = sandbox;
  const clouds = await readFile(cloudFile, "utf8");
  const file = join(folder, "clouds.json");
  await writeFile(file, clouds.replaceAll(cloud.authority, `https://${host}`));
  return file;
}

async function addInbox(dovecot: ReturnType<ReturnType<typeof withDovecot>>): Promise<SilentProxy> {
  const { id: contactListId } = await createContactList(ada, { name: "Customers" });
  const form = dovecot.accountForm(USER, { contactListId });
  if (!form.hosts?.imap) throw new Error("An account at Dovecot has hosts.");
  const imap = await startSilentProxy(`imap://localhost:${form.hosts.imap.port}`);
  const port = Number(new URL(imap.url).port);
  env().mailPorts = new Set([...env().mailPorts, port]);
  process.env.POSTKEY_MAIL_PORTS += `,${port}`;
  const hosts = { ...form.hosts, imap: { ...form.hosts.imap, port } };
  await createEmailAccount(ada, { ...form, hosts });
  return imap;
}
