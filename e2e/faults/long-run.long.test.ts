import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withKey } from "@/lib/testing/api";
import { report } from "@/lib/testing/long";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { withAccount } from "@/lib/testing/sign-in";
import { seedOf } from "@/lib/testing/tokens";
import { type Held, heldBy, TELLS_WHAT_IT_HOLDS } from "./held";
import { askForTokens, withPrograms } from "./programs";

const sandbox = withInstallation();
const programs = withPrograms("gateway", "keeper");
/** Tokens live an hour; here each is renewed about every fifteen seconds. */
const TOKEN_S = 20;
const SIGN_INS = 100;
const WARM_UP_MS = 2 * MINUTE_MS;
const RUN_MS = 15 * MINUTE_MS;

const account = withAccount(administrator(), sandbox);
const apiKey = withKey("tokens:read");

beforeAll(async () => {
  const seed = await seedOf(account);
  sandbox().faults.set("short_token", { seconds: TOKEN_S });
  const many = { count: SIGN_INS, perProvider: 10, dueInMs: -MINUTE_MS };
  await seedAuthorizations(sandbox(), { ...many, ...seed });
}, MINUTE_MS);

async function countConnections(): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database()",
  );
  return rows[0]?.count ?? 0;
}

/** The rows of each table. */
async function countRows(): Promise<Map<string, number>> {
  const { rows } = await pool().query<{ name: string; count: number }>(
    `SELECT relname AS name, (xpath('/row/c/text()', query_to_xml(
       format('SELECT count(*) AS c FROM %I.%I', schemaname, relname), false, true, '')))[1]::text::int AS count
     FROM pg_stat_user_tables WHERE schemaname = 'public'`,
  );
  return new Map(rows.map(({ name, count }) => [name, count]));
}

test(
  `memory, connections, timers and tables stay as they are over ${RUN_MS / SECOND_MS} s of work`,
  async () => {
    const start = (name: "gateway" | "keeper") =>
      programs.start(name, { nodeArgs: TELLS_WHAT_IT_HOLDS });
    const gateway = await start("gateway");
    const everybody = [gateway, ...(await Promise.all([start("keeper"), start("keeper")]))];
    const measure = async () => ({
      held: await Promise.all(everybody.map(heldBy)),
      connections: await countConnections(),
      rows: await countRows(),
      renewals: tokenRequests(sandbox(), "refresh_token"),
    });
    let asked = 0;
    const work = async (durationMs: number) => {
      for (const until = performance.now() + durationMs; performance.now() < until; ) {
        const statuses = await askForTokens([gateway], 10, { apiKey: apiKey(), ...account });
        expect(Object.keys(statuses)).toEqual(["200"]);
        asked += 10;
        await sleep(100);
      }
    };
    await work(WARM_UP_MS);
    const before = await measure();
    await work(RUN_MS);
    const after = await measure();

    const renewals = after.renewals - before.renewals;
    expect(renewals).toBeGreaterThan(SIGN_INS);
    before.held.forEach((held, index) => {
      const now = after.held[index];
      expect(now?.heapMb).toBeLessThan(held.heapMb * 1.25 + 4);
      expect(now?.timers).toBeLessThan(held.timers + 20);
      expect(now?.sockets).toBeLessThan(held.sockets + 20);
    });
    expect(after.connections).toBeLessThanOrEqual(before.connections + 10);
    const grown = [...after.rows]
      .map(([table, count]) => [table, count - (before.rows.get(table) ?? 0)] as const)
      .filter(([, more]) => more > 10);
    expect(grown).toEqual([]);
    const heap = (all: Held[]) => all.map(({ heapMb }) => heapMb.toFixed(1)).join("/");
    report("a long run", {
      renewals,
      asked,
      "heap before (MB)": heap(before.held),
      "heap after (MB)": heap(after.held),
      connections: after.connections,
    });
  },
  25 * MINUTE_MS,
);
