import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { breakDatabase } from "@/lib/testing/database";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";

const logged = withCapturedLog();
const sandbox = withInstallation();
const ada = administrator();

let heal: (() => void) | undefined;
afterEach(() => heal?.());

const ANSWER_S = 0.7;
/** How long a loaded machine may take. */
const PATIENCE = { timeout: 15_000, interval: 20 };

/** Lets the database go away while the platform answers, and come back after that long. */
async function whileAnswering<T>(work: () => Promise<T>, awayMs: number): Promise<T> {
  sandbox().faults.set("slow", { seconds: ANSWER_S });
  const working = work();
  await sleep(ANSWER_S * 500);
  heal = await breakDatabase(pool());
  setTimeout(() => heal?.(), ANSWER_S * 500 + awayMs);
  return working;
}

describe("a database that goes away between the answer of the platform and the save", () => {
  let cloudProviderId: string;

  beforeEach(async () => {
    ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
    await letExpire(cloudProviderId);
  });

  test("for longer leaves the row as it was, and its refresh token is used again", async () => {
    const before = await tokenRow(cloudProviderId);
    const leaseOwner = async () => (await tokenRow(cloudProviderId)).leaseOwner;
    await whileAnswering(() => refreshDue("keeper"), 15 * SECOND_MS);
    expect(logged.join("\n")).toContain("refresh broke off");
    heal?.();
    const after = await tokenRow(cloudProviderId);
    expect(after.cacheSealed).toBe(before.cacheSealed);
    expect(after.state).toBe("connected");
    await expect.poll(leaseOwner, PATIENCE).toBeNull();
    sandbox().faults.clearAll();
    await refreshDue("next");
    expect((await tokenRow(cloudProviderId)).cacheSealed).not.toBe(before.cacheSealed);
  }, 40_000);
});

test("a row that somebody locks while the platform answers is waited for, and its renewal is stored", async () => {
  const { cloudProviderId } = await connectedAccount(ada, sandbox());
  await letExpire(cloudProviderId);
  const before = await tokenRow(cloudProviderId);
  const asked = tokenRequests(sandbox(), "refresh_token");
  // A connection without our limits, as of a person at a terminal.
  const other = new Client({ connectionString: env().databaseUrl });
  await other.connect();
  const waiting = async () =>
    (await other.query("SELECT pid FROM pg_locks WHERE NOT granted")).rows.length;
  sandbox().faults.set("slow", { seconds: ANSWER_S });
  try {
    const working = refreshDue("keeper");
    await expect
      .poll(async () => (await tokenRow(cloudProviderId)).leaseOwner, PATIENCE)
      .toMatch(/^keeper\//);
    await other.query(`BEGIN; SELECT 1 FROM "TokenSet" FOR UPDATE`);
    await expect.poll(waiting, PATIENCE).toBeGreaterThan(0);
    // The first attempt ends by itself; another one follows.
    await expect.poll(waiting, PATIENCE).toBe(0);
    await other.query("COMMIT");
    await working;
  } finally {
    await other.end();
  }
  const after = await tokenRow(cloudProviderId);
  expect(after).toMatchObject({ state: "connected", failures: 0, leaseOwner: null });
  expect(after.cacheSealed).not.toBe(before.cacheSealed);
  expect(tokenRequests(sandbox(), "refresh_token")).toBe(asked + 1);
}, 40_000);
