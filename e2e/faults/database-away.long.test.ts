import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { renewNow } from "@/lib/sign-ins/tokens/refresh";
import { administrator } from "@/lib/testing/actors";
import { breakDatabase } from "@/lib/testing/database";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { forgetSingletons } from "@/lib/testing/singletons";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { type SilentProxy, startSilentProxy } from "./silent-proxy";

const logged = withCapturedLog();
const sandbox = withInstallation();
const ada = administrator();
/** Until a silent connection is given up, and the row given back over another: a lease lasts twice as long. */
const PATIENCE = { timeout: 25 * SECOND_MS, interval: 20 };
const TEST_MS = 60_000;

let url: string;
let proxy: SilentProxy;
/** A connection to the database as it is, without our limits, as of a person at a terminal. */
let direct: Client;
let cloudProviderId: string;
let authorizationId: string;
let heal: (() => void) | undefined;

beforeAll(async () => {
  url = process.env.DATABASE_URL ?? "";
  direct = await connectDirectly();
  proxy = await startSilentProxy(url);
  process.env.DATABASE_URL = proxy.url;
  await pool().end();
  forgetSingletons();
});
beforeEach(async () => {
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  ({ authorizationId } = await tokenRow(cloudProviderId));
  await letExpire(cloudProviderId);
});
afterEach(() => heal?.());
afterAll(async () => {
  await direct.end();
  await proxy.close();
});

async function connectDirectly(): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

const refreshes = () => tokenRequests(sandbox(), "refresh_token");

async function leaseOwner(): Promise<string | null> {
  const sql = `SELECT "leaseOwner" FROM "TokenSet" WHERE "authorizationId" = $1`;
  return (await direct.query(sql, [authorizationId])).rows[0]?.leaseOwner;
}

test(
  "a database that is away for longer than tokens wait leaves the row as it was, and it is given back",
  async () => {
    const before = await tokenRow(cloudProviderId);
    const asked = refreshes();
    sandbox().faults.set("slow", { seconds: 60 });
    const working = refreshDue("keeper");
    await expect.poll(refreshes, PATIENCE).toBe(asked + 1);
    heal = await breakDatabase(pool());
    sandbox().faults.clearAll();
    await working;
    expect(logged.join("\n")).toContain("refresh broke off");
    heal();
    // It was ended with the others.
    direct = await connectDirectly();
    await expect.poll(leaseOwner, PATIENCE).toBeNull();
    const after = await tokenRow(cloudProviderId);
    expect(after).toMatchObject({ cacheSealed: before.cacheSealed, state: "connected" });
    await refreshDue("next");
    expect((await tokenRow(cloudProviderId)).cacheSealed).not.toBe(before.cacheSealed);
  },
  TEST_MS,
);

test(
  "a row that somebody locks while the platform answers is waited for, and its renewal is stored",
  async () => {
    const before = await tokenRow(cloudProviderId);
    const asked = refreshes();
    const waiting = async () =>
      (await direct.query("SELECT pid FROM pg_locks WHERE NOT granted")).rows.length;
    sandbox().faults.set("slow", { seconds: 60 });
    const working = refreshDue("keeper");
    await expect.poll(leaseOwner, PATIENCE).toMatch(/^keeper\//);
    await direct.query(`BEGIN; SELECT 1 FROM "TokenSet" FOR UPDATE`);
    sandbox().faults.clearAll();
    await expect.poll(waiting, PATIENCE).toBeGreaterThan(0);
    // The first attempt ends by itself; another one follows.
    await expect.poll(waiting, PATIENCE).toBe(0);
    await direct.query("COMMIT");
    await working;
    const after = await tokenRow(cloudProviderId);
    expect(after).toMatchObject({ state: "connected", failures: 0, leaseOwner: null });
    expect(after.cacheSealed).not.toBe(before.cacheSealed);
    expect(refreshes()).toBe(asked + 1);
  },
  TEST_MS,
);

test.each<[string, () => Promise<unknown>]>([
  ["of a keeper", () => refreshDue("keeper")],
  ["of somebody who asks now", () => renewNow(ada, { authorizationId })],
])(
  "a claim %s whose answer is lost is given back, and another renews the row within its lease",
  async (...[, claim]) => {
    const asked = refreshes();
    proxy.swallowAnswers();
    const claiming = claim().catch((error: unknown) => error);
    await expect.poll(leaseOwner, PATIENCE).not.toBeNull();
    await expect.poll(leaseOwner, PATIENCE).toBeNull();
    expect(await claiming).toBeInstanceOf(Error);
    expect(refreshes()).toBe(asked);
    await refreshDue("another");
    expect(refreshes()).toBe(asked + 1);
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
  },
  TEST_MS,
);
