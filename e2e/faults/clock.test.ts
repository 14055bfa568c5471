import { afterEach, describe, expect, test, vi } from "vitest";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { createSession, findSession } from "@/lib/people/administrators/store";
import { requireNoWait } from "@/lib/people/throttles/store";
import { setTokensRight } from "@/lib/sign-ins/tokens/leases/store";
import { administrator, program } from "@/lib/testing/actors";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { shiftTimes } from "@/lib/testing/shift-times";
import { withAccount } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { readHealth } from "@/lib/watch/health/queries";

const logged = withCapturedLog();
const sandbox = withInstallation();
const ada = administrator();
const motion = program("tokens:read");
const account = withAccount(ada, sandbox);
afterEach(() => vi.useRealTimers());

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
  ["a day ahead", DAY_MS],
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

describe("times of a clock that ran six hours ahead and was set right", () => {
  const handOut = () => getAccessToken(motion, account.emailAccountId, "hand_out");

  test("hold nothing up: a dead keeper's heartbeat, its lease, and a wait of a sign-in are void", async () => {
    const throttle = { subject: "pair:ada|here", free: 5, maxWaitMs: 5 * MINUTE_MS };
    await pool().query(`INSERT INTO "KeeperHeartbeat" ("keeperId") VALUES ('dead')`);
    await pool().query(`INSERT INTO "SignInThrottle" (subject, failures, "blockedUntil")
      VALUES ('${throttle.subject}', 40, now() + interval '5 minutes')`);
    await pool().query(
      `UPDATE "TokenSet" SET "leaseOwner" = 'dead', "leaseUntil" = now() + interval '50 s'`,
    );
    await expect(requireNoWait([throttle])).rejects.toMatchObject({ code: "too_many_requests" });
    await shiftTimes(6);
    expect((await readHealth(ada)).keeper).toMatchObject({ status: "not_running", running: 0 });
    await requireNoWait([throttle]);
    await setTokensRight();
    expect(await refreshDue("keeper")).toBe(1);
  });

  test("do not let a token be handed out without a renewal", async () => {
    const before = refreshes();
    await shiftTimes(6);
    const { expiresAt } = await handOut();
    expect(refreshes()).toBe(before + 1);
    expect(expiresAt.getTime()).toBeLessThan(Date.now() + 100 * MINUTE_MS);
  });

  test("do not let one be handed out that is dead by its own word, whatever the row says", async () => {
    sandbox().faults.set("short_token", { seconds: 1 });
    await letExpire(account.cloudProviderId);
    const { accessToken } = await handOut();
    sandbox().faults.clearAll();
    // As if the clock had been set back by six hours since, seven hours after the token was got.
    await pool().query(`UPDATE "TokenSet" SET "refreshedAt" = now() - interval '1 hour',
      "accessTokenExpiresAt" = now() + interval '5 hours', "refreshDueAt" = now() + interval '4 hours'`);
    const [, claims = ""] = accessToken.split(".");
    const { exp } = JSON.parse(Buffer.from(claims, "base64url").toString());
    await expect.poll(() => Date.now()).toBeGreaterThan(exp * SECOND_MS);
    const before = refreshes();
    // The platform's time is known to the second of an answer, and as late as that was read.
    await expect.poll(() => handOut().then(refreshes)).toBe(before + 1);
  });

  test("end a session; a step of minutes ends none", async () => {
    const { id } = await db().administrator.create({
      data: { email: "ada@contoso.test", name: "Ada", passwordHash: "x" },
    });
    const sessionId = await createSession(id);
    await pool().query(`UPDATE "Session" SET "lastSeenAt" = now() + interval '10 minutes'`);
    expect(await findSession(sessionId)).toMatchObject({ id });
    await shiftTimes(6);
    expect(await findSession(sessionId)).toBeNull();
  });
});
