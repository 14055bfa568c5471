import { beforeEach, describe, expect, test } from "vitest";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { toAppError } from "@/lib/http/problem";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { breakDatabase } from "@/lib/testing/database";
import { leaked } from "@/lib/testing/echoes";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, BOB, signIn, walk, withAccount, withProvider } from "@/lib/testing/sign-in";
import { letExpire, openedCache, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { confirmAuthorization, discardAuthorization } from "./outcomes/mutations";
import { findOutcome, listAuthorizations } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const provider = withProvider(ada, sandbox);

const ofProvider = () => ({ cloudProviderId: provider.cloudProviderId });
const signedIn = async () =>
  (await listAuthorizations(ada, provider.cloudProviderId)).rows.map(({ username }) => username);
const pending = () =>
  db().authorizationRequest.count({ where: { ...ofProvider(), pendingSealed: { not: null } } });

async function outcomeOf(parameters: URLSearchParams) {
  const { authorizationRequestId } = await arrive(ada, parameters);
  return { id: authorizationRequestId, outcome: await findOutcome(ada, authorizationRequestId) };
}

describe("an error in the answer", () => {
  const answer = async (error: string, description = "") => {
    const state = (await walk(ada, provider, ALICE)).get("state") ?? "";
    return new URLSearchParams({ state, error, error_description: description });
  };

  test("is told as what it says, and no code is redeemed", async () => {
    const before = tokenRequests(sandbox(), "authorization_code");
    for (const [description, remedyId] of [
      ["", "callback.access_denied"],
      ["AADSTS65004: The user declined.", "AADSTS65004"],
    ] as const) {
      const { outcome } = await outcomeOf(await answer("access_denied", description));
      expect(outcome).toMatchObject({ kind: "failed", remedyId });
    }
    expect(tokenRequests(sandbox(), "authorization_code")).toBe(before);
    expect(await signedIn()).toEqual([]);
  });

  test("is kept as harmless text of bounded length", async () => {
    const description = `<script>alert(1)</script>\u202e${"x".repeat(10_000)}\r\n`;
    const { outcome } = await outcomeOf(await answer("access_denied", description));
    const detail = outcome?.kind === "failed" ? outcome.detail : "";
    expect(detail.length).toBeLessThanOrEqual(512);
    expect(detail).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test("uses its state up", async () => {
    const parameters = await answer("access_denied");
    const first = await outcomeOf(parameters);
    expect(await outcomeOf(parameters)).toEqual(first);
    parameters.delete("error");
    parameters.set("code", "another");
    const remedyId = "callback.answered_already";
    await expect(arrive(ada, parameters)).rejects.toMatchObject({ remedyId });
  });
});

describe("tokens that cannot be trusted are not kept", () => {
  test.each([
    ["bad_id_token_signature", "callback.id_token_invalid"],
    ["wrong_nonce", "callback.id_token_invalid"],
    ["reset", "postkey.identity_platform_unreachable"],
  ])("%s ends as %s", async (fault, remedyId) => {
    const parameters = await walk(ada, provider, ALICE);
    sandbox().faults.set(fault);
    const { outcome } = await outcomeOf(parameters);
    expect(outcome).toMatchObject({ kind: "failed", remedyId });
    expect(await signedIn()).toEqual([]);
    expect(await pending()).toBe(0);
  });

  test("one without a refresh token leaves an earlier sign-in as it was", async () => {
    await signIn(ada, provider, ALICE);
    const before = await tokenRow(provider.cloudProviderId);
    const parameters = await walk(ada, provider, ALICE);
    sandbox().faults.set("no_refresh_token");
    const { outcome } = await outcomeOf(parameters);
    expect(outcome).toMatchObject({ kind: "failed", remedyId: "postkey.no_refresh_token" });
    expect(await tokenRow(provider.cloudProviderId)).toEqual(before);
  });
});

describe("another person than the expected one", () => {
  const confirm = (authorizationRequestId: string, actor = ada) =>
    confirmAuthorization(actor, { authorizationRequestId });

  beforeEach(() => signIn(ada, provider, ALICE));

  test("is asked about, changes nothing before the answer, and is kept when confirmed, once", async () => {
    const { id, outcome } = await outcomeOf(await walk(ada, provider, BOB));
    const asked = { signedIn: BOB, expected: ALICE, missingScopes: [] };
    expect(outcome).toEqual({ kind: "confirm", ...asked });
    expect([await signedIn(), await pending()]).toEqual([[ALICE], 1]);
    expect(await confirm(id)).toMatchObject({ kind: "connected", username: BOB });
    expect([await signedIn(), await pending()]).toEqual([[BOB, ALICE], 0]);
    await expect(confirm(id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("is forgotten when discarded", async () => {
    const { id } = await outcomeOf(await walk(ada, provider, BOB));
    const discarded = await discardAuthorization(ada, { authorizationRequestId: id });
    expect(discarded).toEqual({ kind: "discarded", signedIn: BOB });
    expect([await signedIn(), await pending()]).toEqual([[ALICE], 0]);
    await expect(confirm(id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("is decided by whoever began it alone", async () => {
    const { id } = await outcomeOf(await walk(ada, provider, BOB));
    const eve = administrator("Eve");
    await expect(confirm(id, eve)).rejects.toMatchObject({ code: "not_found" });
    expect(await findOutcome(eve, id)).toBeNull();
    expect(await pending()).toBe(1);
  });

  test("is refused when the provider changed before the confirmation", async () => {
    const { id } = await outcomeOf(await walk(ada, provider, BOB));
    const version = { increment: 1 };
    await db().cloudProvider.update({ where: { id: provider.cloudProviderId }, data: { version } });
    await expect(confirm(id)).rejects.toMatchObject({ remedyId: "callback.provider_changed" });
    expect(await signedIn()).toEqual([ALICE]);
  });

  test("may take over a name only after a yes", async () => {
    const other = { objectId: "somebody-else" };
    await db().authorization.updateMany({ where: ofProvider(), data: other });
    const { id, outcome } = await outcomeOf(await walk(ada, provider, ALICE));
    expect(outcome).toMatchObject({ kind: "confirm", signedIn: ALICE });
    await confirm(id);
    const rows = await db().authorization.findMany({ where: ofProvider() });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.objectId).not.toBe("somebody-else");
  });
});

test("a database that does not answer costs no code: the same answer succeeds afterwards", async () => {
  const parameters = await walk(ada, provider, ALICE);
  const before = tokenRequests(sandbox(), "authorization_code");
  const mend = await breakDatabase(pool());
  const refusal = await arrive(ada, parameters).catch(toAppError);
  mend();
  expect(refusal).toMatchObject({ code: "temporarily_unavailable" });
  expect(tokenRequests(sandbox(), "authorization_code")).toBe(before);
  expect((await outcomeOf(parameters)).outcome).toMatchObject({ kind: "connected" });
});

describe("of a platform that repeats the whole request in its refusal nothing is kept, shown or logged", () => {
  const logged = withCapturedLog();
  const account = withAccount(ada, sandbox);

  /** What is in the tables that hold failures, sealed columns and all. */
  async function stored() {
    return [
      await db().tokenSet.findMany(),
      await db().authorizationRequest.findMany({ select: { outcome: true } }),
      await db().cloudProvider.findMany(),
      await db().auditEvent.findMany(),
    ];
  }

  async function expectNothingOf(secrets: Record<string, string>, ...shown: unknown[]) {
    const bigints = (_name: string, value: unknown) =>
      typeof value === "bigint" ? String(value) : value;
    const text = JSON.stringify([shown, logged, await stored()], bigints);
    for (const [what, value] of Object.entries({ client: clientSecret(), ...secrets })) {
      expect(value.length).toBeGreaterThan(20);
      expect([what, leaked(text, value)]).toEqual([what, null]);
    }
  }

  const clientSecret = () => sandbox().registration.clientSecret;

  test("when a code is redeemed", async () => {
    const parameters = await walk(ada, account, ALICE);
    sandbox().faults.set("echo", { at: "token" });
    const { authorizationRequestId } = await arrive(ada, parameters);
    const outcome = await findOutcome(ada, authorizationRequestId);
    expect(outcome).toMatchObject({ remedyId: "AADSTS900144" });
    expect(JSON.stringify(outcome)).toContain("[removed]");
    await expectNothingOf({ code: parameters.get("code") ?? "" }, outcome);
  });

  test("when tokens are renewed", async () => {
    const cache = JSON.parse(await openedCache(account.cloudProviderId));
    const [{ secret: refreshToken } = { secret: "" }] = Object.values<{ secret: string }>(
      cache.RefreshToken,
    );
    await letExpire(account.cloudProviderId);
    sandbox().faults.set("echo", { at: "token" });
    await refreshDue("keeper-1");
    const shown = await findEmailAccount(ada, account.emailAccountId);
    expect(shown?.failureText).toContain("[removed]");
    const authorizations = (await listAuthorizations(ada, account.cloudProviderId)).rows;
    await expectNothingOf({ refreshToken }, shown, authorizations);
  });
});
