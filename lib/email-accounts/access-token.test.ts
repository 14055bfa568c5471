import { beforeEach, describe, expect, test } from "vitest";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { updateClientSecret } from "@/lib/registrations/change-credential";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { renewNow } from "@/lib/sign-ins/tokens/refresh";
import { administrator, program } from "@/lib/testing/actors";
import { secretInUse } from "@/lib/testing/credentials";
import { whileLocked } from "@/lib/testing/database";
import { addSecret, tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, connectedAccount, freshAccount, signIn } from "@/lib/testing/sign-in";
import { letExpire, letRetryNow, tokenRow } from "@/lib/testing/tokens";
import { getAccessToken } from "./access-token";
import { createEmailAccount, setEmailAccountActive } from "./mutations";

const sandbox = withInstallation();
const ada = administrator();
const motion = program("tokens:read");
const account = freshAccount(ada, sandbox);

const handOut = () => getAccessToken(motion, account.emailAccountId, "hand_out");
const requests = () => tokenRequests(sandbox(), "refresh_token");
/** Transport faults are counted under another name than the grant they strike. */
const allRequests = () => requests() + tokenRequests(sandbox(), "fault");

describe("a valid token", () => {
  test("is opened from its row, without asking the platform", async () => {
    const before = sandbox().requests().counts;
    const token = await handOut();
    expect(token).toMatchObject({ username: ALICE, emailAddress: ALICE, cloud: "sandbox" });
    expect(token.accessToken.split(".")).toHaveLength(3);
    expect(token.expiresAt.getTime()).toBeGreaterThan(Date.now() + 50 * MINUTE_MS);
    expect((await handOut()).accessToken).toBe(token.accessToken);
    expect(sandbox().requests().counts).toEqual(before);
  });
});

describe("a stale token", () => {
  test("is renewed once for 50 who ask together", async () => {
    const old = (await handOut()).accessToken;
    await letExpire(account.cloudProviderId, 4 * MINUTE_MS);
    const before = requests();
    const tokens = await Promise.all(Array.from({ length: 50 }, handOut));
    const different = new Set(tokens.map((token) => token.accessToken));
    expect(different.size).toBe(1);
    expect(different).not.toContain(old);
    expect(requests() - before).toBe(1);
  });

  test("is asked for once by 50 together when the platform refuses, and not again before its time", async () => {
    await letExpire(account.cloudProviderId);
    sandbox().faults.set("throttled", { seconds: 60 });
    const before = allRequests();
    const results = await Promise.allSettled(Array.from({ length: 50 }, handOut));
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    const refusal = await handOut().catch((error) => error);
    expect(refusal).toMatchObject({ code: "temporarily_unavailable" });
    // A program asks again when the platform said, and not each second until then.
    expect(refusal.retryAfterSeconds).toBeGreaterThan(45);
    expect(refusal.retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(allRequests() - before).toBe(1);
    sandbox().faults.clearAll();
    await letRetryNow(account.cloudProviderId);
    expect((await handOut()).username).toBe(ALICE);
  });

  test("is still handed out in its last minutes while the platform is down", async () => {
    const { accessToken } = await handOut();
    await letExpire(account.cloudProviderId, 2 * MINUTE_MS);
    sandbox().faults.set("reset");
    expect((await handOut()).accessToken).toBe(accessToken);
    expect(await tokenRow(account.cloudProviderId)).toMatchObject({
      state: "retrying",
      failureId: "postkey.identity_platform_unreachable",
      failures: 1,
      leaseOwner: null,
    });
  });

  test("that lives under five minutes is renewed once for 50, and again from half of its life on", async () => {
    sandbox().faults.set("short_token", { seconds: 120 });
    await letExpire(account.cloudProviderId);
    const before = requests();
    const tokens = await Promise.all(Array.from({ length: 50 }, handOut));
    expect(new Set(tokens.map((token) => token.accessToken)).size).toBe(1);
    expect((await handOut()).accessToken).toBe(tokens[0]?.accessToken);
    expect(requests() - before).toBe(1);
    await letExpire(account.cloudProviderId, MINUTE_MS / 2);
    expect((await handOut()).accessToken).not.toBe(tokens[0]?.accessToken);
  });

  test("with twenty minutes left is renewed for a session, which ends with it, and not for a reader", async () => {
    const now = Date.now();
    const soon = new Date(now + 20 * MINUTE_MS);
    const { cloudProviderId, emailAccountId } = account;
    await db().tokenSet.updateMany({
      where: { authorization: { cloudProviderId } },
      data: { accessTokenExpiresAt: soon, refreshDueAt: new Date(now + 4 * MINUTE_MS) },
    });
    const before = requests();
    await getAccessToken(ada, emailAccountId, "read");
    expect(requests() - before).toBe(0);
    const forSession = () => getAccessToken(ada, emailAccountId, "session");
    const tokens = await Promise.all([forSession(), forSession()]);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    await forSession();
    expect(requests() - before).toBe(1);
  });

  test.each([
    ["grant_revoked", "sign_in_again", "interaction_required", "AADSTS50173"],
    ["secret_expired", "fix_registration", "invalid_client", "AADSTS7000222"],
    ["truncated", "retrying", "temporarily_unavailable", "postkey.token_reply_cut_off"],
  ])("%s leaves the row %s and answers %s", async (...[fault, state, code, remedyId]) => {
    const kept = await tokenRow(account.cloudProviderId);
    await letExpire(account.cloudProviderId);
    sandbox().faults.set(fault);
    await expect(handOut()).rejects.toMatchObject({ code, remedyId });
    const row = await tokenRow(account.cloudProviderId);
    expect(row).toMatchObject({ state, failureId: remedyId, failures: 1, leaseOwner: null });
    // Whatever failed, the tokens stay.
    const { accessTokenSealed, cacheSealed } = kept;
    expect(row).toMatchObject({ accessTokenSealed, cacheSealed });
    const where = { id: account.cloudProviderId };
    const provider = await db().cloudProvider.findUniqueOrThrow({ where });
    expect(provider.failureId).toBe(state === "fix_registration" ? remedyId : null);
  });
});

describe("there is no token", () => {
  test("for an account that was deactivated; it can still be tested", async () => {
    await setEmailAccountActive(ada, { id: account.emailAccountId, active: false });
    await expect(handOut()).rejects.toMatchObject({
      code: "conflict",
      remedyId: "postkey.account_inactive",
    });
    expect((await getAccessToken(ada, account.emailAccountId, "test")).username).toBe(ALICE);
  });

  test("while nobody is signed in under the account's name", async () => {
    await db().authorization.deleteMany({ where: { cloudProviderId: account.cloudProviderId } });
    await expect(handOut()).rejects.toMatchObject({
      code: "interaction_required",
      remedyId: "postkey.not_signed_in",
    });
    await signIn(ada, account);
    expect((await handOut()).username).toBe(ALICE);
  });

  test("for an account with a password", async () => {
    const data = { modernAuthentication: false };
    await db().emailAccount.update({ where: { id: account.emailAccountId }, data });
    await expect(handOut()).rejects.toMatchObject({ code: "conflict" });
  });

  test("when its row was moved or changed: it is locked, and the platform is not asked", async () => {
    const { accessTokenSealed, authorizationId } = await tokenRow(account.cloudProviderId);
    const data = { cacheSealed: accessTokenSealed };
    await db().tokenSet.update({ where: { authorizationId }, data });
    await letExpire(account.cloudProviderId);
    const before = requests();
    const locked = { code: "locked", remedyId: "postkey.locked" };
    await expect(handOut()).rejects.toMatchObject(locked);
    expect(await tokenRow(account.cloudProviderId)).toMatchObject({ state: "locked" });
    expect(requests()).toBe(before);
    const other = await connectedAccount(ada, sandbox());
    const foreign = await tokenRow(other.cloudProviderId);
    await db().tokenSet.update({
      where: { authorizationId: foreign.authorizationId },
      data: { accessTokenSealed },
    });
    const moved = getAccessToken(motion, other.emailAccountId, "hand_out");
    await expect(moved).rejects.toMatchObject(locked);
  });
});

describe("a fresh token of accounts that share a sign-in", () => {
  /** Her own mailbox, and a shared one that she signs in for: two accounts of one sign-in. */
  let alice: string;
  let shared: string;

  beforeEach(async () => {
    const { cloudProviderId } = account;
    alice = account.emailAccountId;
    const form = { cloudProviderId, emailAddress: "support@contoso.test", username: ALICE };
    ({ id: shared } = await createEmailAccount(ada, accountForm(form)));
  });

  const fresh = (id: string, answersSince?: Date) =>
    getAccessToken(ada, id, { purpose: "test_fresh", answersSince });
  /** Later than all that was stored before it, which is rounded to a millisecond. */
  const databaseTime = async () => {
    const sql = "SELECT clock_timestamp() AS now FROM pg_sleep(0.005)";
    return (await pool().query<{ now: Date }>(sql)).rows[0]?.now;
  };

  test("is asked for once in a run", async () => {
    const startedAt = await databaseTime();
    const before = allRequests();
    const first = await fresh(alice, startedAt);
    const second = await fresh(shared, startedAt);
    expect(second).toMatchObject({ accessToken: first.accessToken, isFresh: true });
    expect(allRequests() - before).toBe(1);
  });

  test("is not asked for again where another's is stored while the row is read", async () => {
    const since = await databaseTime();
    const before = allRequests();
    const renew = () => pool().query('UPDATE "TokenSet" SET "refreshedAt" = now()');
    const second = await whileLocked("EmailAccount", () => fresh(shared, since), renew);
    expect(second).toMatchObject({ isFresh: true });
    expect(allRequests()).toBe(before);
  });

  test("comes with the secret of before where the newest is refused, and so does a renewal", async () => {
    const { cloudProviderId } = account;
    const { authorizationId } = await tokenRow(cloudProviderId);
    const ask = {
      "a fresh token": async () => (await fresh(alice)).isFresh,
      "a renewal": () => renewNow(ada, { authorizationId }),
    };
    for (const [what, isGood] of Object.entries(ask)) {
      const clientSecret = await addSecret(sandbox());
      const replaced = await secretInUse(cloudProviderId);
      const typed = { cloudProviderId, clientSecret, secretExpiresOn: isoDay(6) };
      await updateClientSecret(ada, typed);
      sandbox().faults.set("secret_wrong", { times: 1 });
      expect([what, await isGood()]).toEqual([what, true]);
      expect([what, await secretInUse(cloudProviderId)]).toEqual([what, replaced]);
    }
  });

  test("is waited for while another fetches it: the one from before is not called fresh", async () => {
    const { accessToken: old } = await getAccessToken(ada, alice, "test");
    sandbox().faults.set("slow", { seconds: 0.5 });
    const before = allRequests();
    const tokens = await Promise.all([fresh(alice), fresh(shared)]);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(tokens[0]?.accessToken).not.toBe(old);
    expect(allRequests() - before).toBe(1);
  });

  test.each(["test_fresh", "test"] as const)(
    "is refused to all of a run at once (%s)",
    async (purpose) => {
      const startedAt = await databaseTime();
      sandbox().faults.set("grant_revoked");
      const code = "interaction_required";
      await expect(fresh(alice, startedAt)).rejects.toMatchObject({ code });
      expect(await tokenRow(account.cloudProviderId)).toMatchObject({ state: "sign_in_again" });
      const before = allRequests();
      // A test takes the last token while it lives: the mailbox may still open with it.
      const next = getAccessToken(ada, shared, { purpose, answersSince: startedAt });
      if (purpose === "test") expect(await next).toMatchObject({ isFresh: false });
      else await expect(next).rejects.toMatchObject({ code });
      expect(allRequests()).toBe(before);
    },
  );

  test("is asked for again in the same run where the platform did not answer", async () => {
    const startedAt = await databaseTime();
    sandbox().faults.set("server_error");
    const code = "temporarily_unavailable";
    await expect(fresh(alice, startedAt)).rejects.toMatchObject({ code });
    sandbox().faults.clearAll();
    expect(await fresh(shared, startedAt)).toMatchObject({ isFresh: true });
  });
});
