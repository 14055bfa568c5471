import { afterEach, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { flushUses } from "@/lib/programs/uses";
import { administrator } from "@/lib/testing/actors";
import { withKey } from "@/lib/testing/api";
import { withGateway } from "@/lib/testing/gateway";
import { report } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
const ACCOUNTS = 20_000;
const AT_ONCE = 16;
const MOST_MS = 100;
const gateway = withGateway();
const key = withKey("tokens:read");
let accounts: string[];

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(administrator(), sandbox(), { key: "MOT1" });
  await copyAccount(emailAccountId, ACCOUNTS);
  accounts = (await db().emailAccount.findMany({ select: { id: true } })).map(({ id }) => id);
});
afterEach(() => flushUses(0));

/** More accounts of one sign-in, for which a token was never asked: so many at a time as a statement has time for. */
async function copyAccount(id: string, copies: number): Promise<void> {
  for (let from = 1; from <= copies; from += 2_000)
    await db().$executeRaw`
      INSERT INTO "EmailAccount" SELECT (jsonb_populate_record(e, jsonb_build_object(
        'id', gen_random_uuid(), 'key', n::text, 'keyKey', n::text))).*
      FROM "EmailAccount" e, generate_series(${from}::int, ${Math.min(from + 1_999, copies)}::int) n
      WHERE e.id = ${id}::uuid`;
}

const ask = (emailAccountId: string) =>
  fetch(`http://127.0.0.1:${gateway.port}/api/emailAccounts/${emailAccountId}/accessToken`, {
    headers: { authorization: `Bearer ${key()}` },
  });

/** Asks once for each, many at a time. @returns milliseconds that 99 of 100 took at the most */
async function askForEach(emailAccountIds: string[]): Promise<number> {
  const waiting = [...emailAccountIds];
  const took: number[] = [];
  const client = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const startedAt = performance.now();
      const response = await ask(id);
      await response.text();
      took.push(performance.now() - startedAt);
      expect(response.status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? 0;
}

test(`${ACCOUNTS} first uses get their tokens within ${MOST_MS} ms (p99), and are in the trail`, async () => {
  const asked = accounts.splice(0, ACCOUNTS);
  // What is compiled and connected at the first requests of a process is not measured.
  await askForEach(Array.from({ length: 300 }, () => asked[0] ?? ""));
  const first = await askForEach(asked);
  // On a busy machine those that write nothing take longer, too.
  const second = await askForEach(asked.slice(0, 2_000));
  report("first uses", { uses: ACCOUNTS, p99Ms: first.toFixed(1), againMs: second.toFixed(1) });
  expect(first).toBeLessThanOrEqual(Math.max(MOST_MS, 1.5 * second));
  await flushUses(0);
  const [row] = await db().$queryRaw<{ told: number }[]>`
    SELECT count(DISTINCT o)::int AS told FROM "AuditEvent" e, jsonb_object_keys(e.detail->'objects') o
    WHERE action = 'api_key.use' AND o = ANY(${asked})`;
  expect(row?.told).toBeGreaterThanOrEqual(ACCOUNTS - 1);
}, 300_000);
