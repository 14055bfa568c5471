import { afterEach, describe, expect, test, vi } from "vitest";
import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import { TAKE_COMMIT_ORDER } from "@/lib/kernel/advisory-locks";
import { DatabaseClient } from "@/lib/kernel/database-client.mjs";
import { createConnection, db, pool } from "@/lib/kernel/db";
import { flushUses } from "@/lib/programs/uses";
import { findOutcome, listAuthorizations } from "@/lib/sign-ins/queries";
import { administrator } from "@/lib/testing/actors";
import { call, withKey } from "@/lib/testing/api";
import { breakDatabase, setReadOnly } from "@/lib/testing/database";
import { withGateway } from "@/lib/testing/gateway";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { anew } from "@/lib/testing/shared";
import { ALICE, arrive, connectedAccount, signIn, walk, withProvider } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { startSilentProxy } from "./silent-proxy";

const sandbox = withInstallation();
const ada = administrator();

let heal: (() => void) | undefined;
afterEach(() => heal?.());

/** Lets the platform answer while the database is away, which comes back once a save has failed. */
async function whileAnswering<T>(grant: string, work: () => Promise<T>): Promise<T> {
  const before = tokenRequests(sandbox(), grant);
  sandbox().faults.set("slow", { seconds: 60 });
  const working = work();
  await expect.poll(() => tokenRequests(sandbox(), grant)).toBe(before + 1);
  heal = await breakDatabase(pool());
  const connect = vi.spyOn(pool(), "connect");
  sandbox().faults.clearAll();
  // The first attempt has failed when there is another.
  await expect.poll(() => connect.mock.calls.length).toBeGreaterThan(1);
  heal();
  return working.finally(() => connect.mockRestore());
}

test("tokens are stored although the database is away for seconds when the platform answers", async () => {
  const { cloudProviderId } = await connectedAccount(ada, sandbox());
  await letExpire(cloudProviderId);
  const before = await tokenRow(cloudProviderId);
  const asked = tokenRequests(sandbox(), "refresh_token");
  await whileAnswering("refresh_token", () => refreshDue("keeper"));
  const after = await tokenRow(cloudProviderId);
  expect(after).toMatchObject({ state: "connected", leaseOwner: null });
  expect(after.cacheSealed).not.toBe(before.cacheSealed);
  expect(tokenRequests(sandbox(), "refresh_token")).toBe(asked + 1);
});

describe("a sign-in", () => {
  const provider = withProvider(ada, sandbox);

  test("is stored although the database is away when its tokens arrive", async () => {
    const parameters = await walk(ada, provider, ALICE);
    const { authorizationRequestId } = await whileAnswering("authorization_code", () =>
      arrive(ada, parameters),
    );
    expect(await findOutcome(ada, authorizationRequestId)).toMatchObject({ kind: "connected" });
  });

  test("whose answer is lost on its way binds nothing, and can be begun again", async () => {
    const parameters = await walk(ada, provider, ALICE);
    sandbox().faults.set("truncated");
    const { authorizationRequestId } = await arrive(ada, parameters);
    expect(await findOutcome(ada, authorizationRequestId)).toMatchObject({
      kind: "failed",
      remedyId: "postkey.token_reply_cut_off",
    });
    expect((await listAuthorizations(ada, provider.cloudProviderId)).rows).toEqual([]);
    sandbox().faults.clearAll();
    expect(await signIn(ada, provider)).toMatchObject({ kind: "connected", username: ALICE });
  });
});

test("a connection that goes silent ends its query, and one that the server works on does not", async () => {
  const proxy = await startSilentProxy(process.env.DATABASE_URL ?? "");
  const client = new DatabaseClient({ connectionString: proxy.url, lookEveryMs: 50 });
  client.on("error", () => {});
  await client.connect();
  expect((await client.query("SELECT pg_sleep(1), 1 AS one")).rows).toMatchObject([{ one: 1 }]);
  proxy.silence();
  await expect(client.query("SELECT 1")).rejects.toMatchObject({ code: "ETIMEDOUT" });
  await proxy.close();
});

test("the server finds out within half a minute that a client is gone, of the pool or not", async () => {
  const sql = `SELECT setting FROM pg_settings WHERE name LIKE 'tcp_keepalives%' ORDER BY name`;
  const alone = createConnection();
  await alone.connect();
  for (const each of [pool(), alone]) {
    const { rows } = await each.query<{ setting: string }>(sql);
    expect(rows.map(({ setting }) => setting)).toEqual(["3", "5", "5"]);
  }
  await alone.end();
});

describe("a token", () => {
  const gateway = withGateway();
  const key = withKey("tokens:read");
  /** One that was not asked for yet: a first use is written down. */
  const used = anew(() => connectedAccount(ada, sandbox()));
  afterEach(() => flushUses(0));

  /** Of a gateway and of the web. */
  async function ask(): Promise<number[]> {
    const { emailAccountId } = used;
    const url = `http://127.0.0.1:${gateway.port}/api/emailAccounts/${emailAccountId}/accessToken`;
    const { status } = await fetch(url, { headers: { authorization: `Bearer ${key()}` } });
    const asked = { key: key(), params: { emailAccountId } };
    return [status, (await call(getAccessTokenOperation, asked)).status];
  }

  test("is handed out while someone holds the end of the trail, for which a writer waits in vain", async () => {
    const holder = await pool().connect();
    try {
      await holder.query("BEGIN");
      await holder.query(TAKE_COMMIT_ORDER);
      expect(await ask()).toEqual([200, 200]);
    } finally {
      holder.release(true);
    }
  });

  test("that only has to be read is handed out by a read-only database, and told of later", async () => {
    await setReadOnly(pool(), true);
    try {
      expect(await ask()).toEqual([200, 200]);
    } finally {
      await setReadOnly(pool(), false);
    }
    await flushUses(0);
    const events = await db().auditEvent.findMany({ where: { action: "api_key.use" } });
    expect(JSON.stringify(events.map(({ detail }) => detail))).toContain(used.emailAccountId);
  });
});
