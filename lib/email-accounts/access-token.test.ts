import { beforeEach, describe, expect, test } from "vitest";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { boundTo } from "@/lib/sign-ins/tokens/bound-columns";
import { findBound } from "@/lib/sign-ins/tokens/store";
import { administrator, program } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, BOB, connectedAccount, signIn } from "@/lib/testing/sign-in";
import { letExpire, letRetryNow, tokenRow } from "@/lib/testing/tokens";
import { getAccessToken } from "./access-token";
import { setEmailAccountActive } from "./mutations";

const sandbox = withInstallation();
const ada = administrator();
const motion = program("tokens:read");
let cloudProviderId: string;
let emailAccountId: string;

beforeEach(async () => {
  ({ cloudProviderId, emailAccountId } = await connectedAccount(ada, sandbox()));
});

const handOut = () => getAccessToken(motion, emailAccountId, "hand_out");
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

  test("is the one of the account's user name", async () => {
    const other = await connectedAccount(ada, sandbox(), { username: BOB });
    expect((await getAccessToken(motion, other.emailAccountId, "hand_out")).username).toBe(BOB);
  });
});

describe("a stale token", () => {
  test("is renewed once for 50 who ask together", async () => {
    const old = (await handOut()).accessToken;
    await letExpire(cloudProviderId, 4 * MINUTE_MS);
    const before = requests();
    const tokens = await Promise.all(Array.from({ length: 50 }, handOut));
    const different = new Set(tokens.map((token) => token.accessToken));
    expect(different.size).toBe(1);
    expect(different).not.toContain(old);
    expect(requests() - before).toBe(1);
  });

  test("is asked for once by 50 together when the platform refuses, and not again before its time", async () => {
    await letExpire(cloudProviderId);
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
    await letRetryNow(cloudProviderId);
    expect((await handOut()).username).toBe(ALICE);
  });

  test("is asked for again by a test, whenever a person wants to know", async () => {
    await letExpire(cloudProviderId);
    sandbox().faults.set("throttled", { seconds: 60 });
    await expect(handOut()).rejects.toMatchObject({ code: "temporarily_unavailable" });
    sandbox().faults.clearAll();
    expect((await getAccessToken(ada, emailAccountId, "test")).username).toBe(ALICE);
  });

  test("is still handed out in its last minutes while the platform is down", async () => {
    const { accessToken } = await handOut();
    await letExpire(cloudProviderId, 2 * MINUTE_MS);
    sandbox().faults.set("reset");
    expect((await handOut()).accessToken).toBe(accessToken);
    expect(await tokenRow(cloudProviderId)).toMatchObject({
      state: "retrying",
      failureId: "postkey.identity_platform_unreachable",
      failures: 1,
      leaseOwner: null,
    });
  });

  test("that lives under five minutes is renewed once for 50 who ask together, and not by who asks next", async () => {
    sandbox().faults.set("short_token", { seconds: 120 });
    await letExpire(cloudProviderId);
    const before = requests();
    const tokens = await Promise.all(Array.from({ length: 50 }, handOut));
    expect(new Set(tokens.map((token) => token.accessToken)).size).toBe(1);
    expect((await handOut()).accessToken).toBe(tokens[0]?.accessToken);
    expect(requests() - before).toBe(1);
  });

  test("that lives under five minutes is renewed again from half of its life on", async () => {
    sandbox().faults.set("short_token", { seconds: 120 });
    await letExpire(cloudProviderId);
    const { accessToken } = await handOut();
    await letExpire(cloudProviderId, MINUTE_MS / 2);
    expect((await handOut()).accessToken).not.toBe(accessToken);
  });

  test("with twenty minutes left is renewed for a session, which ends with it, and not for a reader", async () => {
    const now = Date.now();
    await db().tokenSet.updateMany({
      where: { authorization: { cloudProviderId } },
      data: {
        accessTokenExpiresAt: new Date(now + 20 * MINUTE_MS),
        refreshDueAt: new Date(now + 4 * MINUTE_MS),
      },
    });
    const before = requests();
    await getAccessToken(ada, emailAccountId, "read");
    expect(requests() - before).toBe(0);
    const tokens = await Promise.all(
      [1, 2].map(() => getAccessToken(ada, emailAccountId, "session")),
    );
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    await getAccessToken(ada, emailAccountId, "session");
    expect(requests() - before).toBe(1);
  });

  test("that lives under half an hour is not renewed for each session", async () => {
    sandbox().faults.set("short_token", { seconds: 20 * 60 });
    await letExpire(cloudProviderId);
    const before = requests();
    const sessionToken = () => getAccessToken(ada, emailAccountId, "session");
    const { accessToken } = await sessionToken();
    expect((await sessionToken()).accessToken).toBe(accessToken);
    expect(requests() - before).toBe(1);
  });

  test("that is empty, as an earlier version could store it, is renewed before it is handed out", async () => {
    const { authorizationId } = await tokenRow(cloudProviderId);
    const destination = boundTo(await findBound(db(), authorizationId));
    const column = "accessTokenSealed";
    const place = { table: "TokenSet", id: authorizationId, column, destination };
    const accessTokenSealed = seal(env().keyring, place, "");
    await db().tokenSet.update({ where: { authorizationId }, data: { accessTokenSealed } });
    expect((await handOut()).accessToken).not.toBe("");
  });

  const FAILURES: [string, string, string, string][] = [
    ["grant_revoked", "sign_in_again", "interaction_required", "AADSTS50173"],
    ["refresh_expired", "sign_in_again", "interaction_required", "AADSTS700082"],
    ["consent_revoked", "sign_in_again", "interaction_required", "AADSTS65001"],
    ["mfa_required", "sign_in_again", "interaction_required", "AADSTS50076"],
    ["user_disabled", "sign_in_again", "interaction_required", "AADSTS50057"],
    ["secret_expired", "fix_registration", "invalid_client", "AADSTS7000222"],
    ["secret_wrong", "fix_registration", "invalid_client", "AADSTS7000215"],
    ["throttled", "retrying", "temporarily_unavailable", "postkey.identity_platform_throttled"],
    [
      "server_error",
      "retrying",
      "temporarily_unavailable",
      "postkey.identity_platform_unavailable",
    ],
    ["html_200", "retrying", "temporarily_unavailable", "postkey.malformed_token_response"],
    ["empty_json", "retrying", "temporarily_unavailable", "postkey.malformed_token_response"],
    ["blocked_403", "retrying", "temporarily_unavailable", "postkey.malformed_token_response"],
    ["truncated", "retrying", "temporarily_unavailable", "postkey.token_reply_cut_off"],
    ["redirect_307", "retrying", "temporarily_unavailable", "postkey.malformed_token_response"],
    ["huge_body", "retrying", "temporarily_unavailable", "postkey.malformed_token_response"],
  ];

  test.each(FAILURES)(
    "%s leaves the row %s and answers %s",
    async (...[fault, state, code, remedyId]) => {
      const kept = await tokenRow(cloudProviderId);
      await letExpire(cloudProviderId);
      sandbox().faults.set(fault);
      await expect(handOut()).rejects.toMatchObject({ code, remedyId });
      const row = await tokenRow(cloudProviderId);
      expect(row).toMatchObject({ state, failureId: remedyId, failures: 1, leaseOwner: null });
      // Whatever failed, the tokens stay.
      const { accessTokenSealed, cacheSealed } = row;
      expect({ accessTokenSealed, cacheSealed }).toEqual({
        accessTokenSealed: kept.accessTokenSealed,
        cacheSealed: kept.cacheSealed,
      });
      const provider = await db().cloudProvider.findUniqueOrThrow({
        where: { id: cloudProviderId },
      });
      expect(provider.failureId).toBe(state === "fix_registration" ? remedyId : null);
    },
  );
});

describe("there is no token", () => {
  test("for an account that does not exist", async () => {
    const unknown = getAccessToken(motion, ada.id, "hand_out");
    await expect(unknown).rejects.toMatchObject({ code: "not_found" });
  });

  test("for an account that was deactivated; it can still be tested", async () => {
    await setEmailAccountActive(ada, { id: emailAccountId, active: false });
    await expect(handOut()).rejects.toMatchObject({
      code: "conflict",
      remedyId: "postkey.account_inactive",
    });
    expect((await getAccessToken(ada, emailAccountId, "test")).username).toBe(ALICE);
  });

  test("while nobody is signed in under the account's name", async () => {
    await db().authorization.deleteMany({ where: { cloudProviderId } });
    await expect(handOut()).rejects.toMatchObject({
      code: "interaction_required",
      remedyId: "postkey.not_signed_in",
    });
    await signIn(ada, { subject: "email_account", emailAccountId });
    expect((await handOut()).username).toBe(ALICE);
  });

  test("without the provider", async () => {
    await db().emailAccount.update({
      where: { id: emailAccountId },
      data: { cloudProviderId: null },
    });
    await expect(handOut()).rejects.toMatchObject({
      code: "conflict",
      remedyId: "postkey.provider_missing",
    });
  });

  test("for an account with a password", async () => {
    const data = { modernAuthentication: false };
    await db().emailAccount.update({ where: { id: emailAccountId }, data });
    await expect(handOut()).rejects.toMatchObject({ code: "conflict" });
  });

  test.each(["accounts:read", "accounts:test"] as const)(
    "with the permission %s alone",
    async (permission) => {
      const call = getAccessToken(program(permission), emailAccountId, "hand_out");
      await expect(call).rejects.toMatchObject({ code: "access_denied" });
    },
  );

  test("when its row was moved or changed: it is locked, and the platform is not asked", async () => {
    const { accessTokenSealed, authorizationId } = await tokenRow(cloudProviderId);
    const data = { cacheSealed: accessTokenSealed };
    await db().tokenSet.update({ where: { authorizationId }, data });
    await letExpire(cloudProviderId);
    const before = requests();
    const locked = { code: "locked", remedyId: "postkey.locked" };
    await expect(handOut()).rejects.toMatchObject(locked);
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "locked" });
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
