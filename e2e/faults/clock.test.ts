import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";

const logged = withCapturedLog();
const sandbox = withInstallation();
const motion = program("tokens:read");
let account: { cloudProviderId: string; emailAccountId: string };

beforeAll(async () => {
  account = await connectedAccount(administrator(), sandbox());
});
afterEach(() => {
  vi.useRealTimers();
});

const setClock = (offsetMs: number) =>
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + offsetMs });
const refreshes = () => tokenRequests(sandbox(), "refresh_token");

/** By the clock of the database, in minutes. */
async function minutesLeft(): Promise<number> {
  const [row] = await db().$queryRaw<{ minutes: number }[]>`
    SELECT (extract(epoch FROM "accessTokenExpiresAt" - now()) / 60)::float8 AS minutes FROM "TokenSet"`;
  return row?.minutes ?? Number.NaN;
}

describe.each([
  ["five minutes ahead", 5 * MINUTE_MS],
  ["five minutes behind", -5 * MINUTE_MS],
  ["a day ahead", DAY_MS],
  ["a day behind", -DAY_MS],
  ["two hours behind, as after a jump", -2 * HOUR_MS],
])("a machine whose clock is %s", (_what, offsetMs) => {
  test("hands out a good token without asking anybody, and says how long it is good", async () => {
    const before = refreshes();
    const left = await minutesLeft();
    setClock(offsetMs);
    const { expiresAt } = await getAccessToken(motion, account.emailAccountId, "hand_out");
    expect((expiresAt.getTime() - Date.now()) / MINUTE_MS).toBeCloseTo(left, 0);
    expect(refreshes()).toBe(before);
  });

  test("renews what is due, and nothing else", async () => {
    const before = refreshes();
    setClock(offsetMs);
    expect(await refreshDue("keeper")).toBe(0);
    vi.useRealTimers();
    await letExpire(account.cloudProviderId);
    setClock(offsetMs);
    expect(await refreshDue("keeper")).toBe(1);
    expect(refreshes()).toBe(before + 1);
    expect(await minutesLeft()).toBeGreaterThan(55);
    expect(await minutesLeft()).toBeLessThan(95);
    const { state, refreshDueAt } = await tokenRow(account.cloudProviderId);
    expect(state).toBe("connected");
    vi.useRealTimers();
    expect(refreshDueAt.getTime()).toBeGreaterThan(Date.now() + 30 * MINUTE_MS);
  });
});

test("a clock that is far off is told to the operator, once an hour", () => {
  const told = logged.filter((line) => line.includes("differs from the identity platform's"));
  expect(told).toHaveLength(1);
  expect(JSON.parse(told[0] ?? "{}").skewSeconds).toBeGreaterThan(290);
});
