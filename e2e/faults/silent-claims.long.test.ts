import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { renewNow } from "@/lib/sign-ins/tokens/renew-now";
import { administrator } from "@/lib/testing/actors";
import { breakDatabase } from "@/lib/testing/database";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { forgetSingletons } from "@/lib/testing/singletons";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { type SilentProxy, startSilentProxy } from "./silent-proxy";

const sandbox = withInstallation();
const ada = administrator();

/** Until a silent connection is given up, and the row given back over another: a lease lasts twice as long. */
const FREE_WITHIN = { timeout: 25 * SECOND_MS, interval: 50 };
const TEST_MS = 60_000;

let proxy: SilentProxy;
/** The database as it is. */
let connectionString: string | undefined;
let ids: { cloudProviderId: string; authorizationId: string };

beforeAll(async () => {
  connectionString = process.env.DATABASE_URL ?? "";
  proxy = await startSilentProxy(connectionString);
  process.env.DATABASE_URL = proxy.url;
  await pool().end();
  forgetSingletons();
});

beforeEach(async () => {
  const { cloudProviderId } = await connectedAccount(ada, sandbox());
  const { authorizationId } = await tokenRow(cloudProviderId);
  ids = { cloudProviderId, authorizationId };
  await letExpire(cloudProviderId);
});

afterAll(() => proxy.close());

async function leaseOwner(): Promise<string | null> {
  const direct = new Client({ connectionString });
  await direct.connect();
  const { rows } = await direct.query<{ leaseOwner: string | null }>(
    `SELECT "leaseOwner" FROM "TokenSet" WHERE "authorizationId" = $1`,
    [ids.authorizationId],
  );
  await direct.end();
  return rows[0]?.leaseOwner ?? null;
}

describe("a claim whose answer is lost", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["of a keeper", () => refreshDue("keeper")],
    ["of somebody who asks now", () => renewNow(ada, ids.authorizationId)],
  ])(
    "%s is given back, and another renews the row within its lease",
    async (_whose, claim) => {
      const asked = tokenRequests(sandbox(), "refresh_token");
      proxy.swallowAnswers();
      const claiming = claim().catch((error: unknown) => error);
      await expect.poll(leaseOwner, FREE_WITHIN).not.toBeNull();
      await expect.poll(leaseOwner, FREE_WITHIN).toBeNull();
      expect(await claiming).toBeInstanceOf(Error);
      expect(tokenRequests(sandbox(), "refresh_token")).toBe(asked);
      await refreshDue("another");
      expect(tokenRequests(sandbox(), "refresh_token")).toBe(asked + 1);
      expect(await tokenRow(ids.cloudProviderId)).toMatchObject({ state: "connected" });
    },
    TEST_MS,
  );
});

test(
  "a row whose work broke off because the database did not answer is given back when it does",
  async () => {
    sandbox().faults.set("slow", { seconds: 1 });
    const working = renewNow(ada, ids.authorizationId).catch((error: unknown) => error);
    await expect.poll(leaseOwner, FREE_WITHIN).not.toBeNull();
    const heal = await breakDatabase(pool());
    // Longer than what was renewed waits to be stored.
    expect(await working).toBeInstanceOf(Error);
    expect(await leaseOwner()).not.toBeNull();
    heal();
    await expect.poll(leaseOwner, FREE_WITHIN).toBeNull();
  },
  TEST_MS,
);
