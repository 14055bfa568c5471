import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { createCloudProvider, deleteCloudProvider } from "@/lib/registrations/mutations";
import { findCloudProvider } from "@/lib/registrations/queries";
import { administrator } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, BOB, providerForm, signIn, walk } from "@/lib/testing/sign-in";
import { beginAuthorization } from "./begin";
import { findOutcome, listAuthorizations } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;

beforeEach(async () => {
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
});

const redemptions = () => tokenRequests(sandbox(), "authorization_code");
const provider = () => ({ subject: "provider", cloudProviderId }) as const;

/** What is stored of a sign-in, beside the request itself. */
async function stored() {
  const [authorizations, tokenSets] = await Promise.all([
    db().authorization.count({ where: { cloudProviderId } }),
    db().tokenSet.count({ where: { authorization: { cloudProviderId } } }),
  ]);
  return { authorizations, tokenSets };
}

describe("a sign-in that succeeds", () => {
  test("connects the mailbox and says who it is", async () => {
    const outcome = await signIn(ada, provider());
    expect(outcome).toEqual({ kind: "connected", username: ALICE, missingScopes: [] });
    const [row, ...others] = (await listAuthorizations(ada, cloudProviderId)).rows;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ username: ALICE, state: "connected", signedInByName: "Ada" });
  });

  test("leads back to the page of its provider", async () => {
    const completed = await arrive(ada, await walk(ada, provider(), ALICE));
    expect(completed.cloudProviderId).toBe(cloudProviderId);
  });

  test("shows that the redirect URI is right, whatever a check found before", async () => {
    const data = { redirectFailureId: "AADSTS50011" };
    await db().cloudProvider.update({ where: { id: cloudProviderId }, data });
    await signIn(ada, provider());
    expect(await findCloudProvider(ada, cloudProviderId)).toMatchObject({
      redirectFailureId: null,
      state: "connected",
    });
  });

  test("says which permissions the platform did not grant", async () => {
    sandbox().faults.set("fewer_scopes");
    expect(await signIn(ada, provider())).toMatchObject({
      kind: "connected",
      missingScopes: ["SMTP.Send"],
    });
  });

  test("redeems the code once, however often and together its answer arrives", async () => {
    const parameters = await walk(ada, provider(), ALICE);
    const before = redemptions();
    const arrivals = Array.from({ length: 20 }, () => arrive(ada, parameters));
    const completed = await Promise.all(arrivals);
    expect(new Set(completed.map((each) => each.authorizationRequestId)).size).toBe(1);
    expect(redemptions() - before).toBe(1);
    expect(await stored()).toEqual({ authorizations: 1, tokenSets: 1 });
    await arrive(ada, parameters);
    expect(redemptions() - before).toBe(1);
  });
});

describe("the authorization request", () => {
  test("carries PKCE, a random state and nonce, the scopes of one resource and a chosen account", async () => {
    const url = await beginAuthorization(ada, provider());
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({
      client_id: sandbox().registration.clientId,
      response_type: "code",
      code_challenge_method: "S256",
      prompt: "select_account",
      redirect_uri: "http://localhost:3000/api/cloudProviders/oauth2/microsoft/callback",
    });
    expect(query.state).toMatch(/^[\w-]{43}$/);
    expect(query.nonce).toMatch(/^[\w-]{43}$/);
    expect(query.code_challenge).toMatch(/^[\w-]{43}$/);
    expect(query.scope?.split(" ").sort()).toEqual(
      [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/POP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "email",
        "offline_access",
        "openid",
        "profile",
      ].sort(),
    );
    const [row] = await db().authorizationRequest.findMany({ where: { cloudProviderId } });
    expect(JSON.stringify(row)).not.toContain(query.state);
  });

  test("hints at the mailbox that is expected", async () => {
    await signIn(ada, provider());
    const url = await beginAuthorization(ada, provider());
    expect(url.searchParams.get("login_hint")).toBe(ALICE);
  });

  test("is for people in a browser only", async () => {
    const { sessionId: _, ...withoutSession } = ada;
    await expect(beginAuthorization(withoutSession, provider())).rejects.toMatchObject({
      code: "access_denied",
    });
  });
});

describe("an answer that is refused changes nothing and spends no code", () => {
  let parameters: URLSearchParams;
  let before: number;

  beforeEach(async () => {
    parameters = await walk(ada, provider(), ALICE);
    before = redemptions();
  });

  async function expectUntouched() {
    expect(redemptions()).toBe(before);
    expect(await stored()).toEqual({ authorizations: 0, tokenSets: 0 });
    // The rightful arrival still succeeds.
    const { authorizationRequestId } = await arrive(ada, parameters);
    expect(await findOutcome(ada, authorizationRequestId)).toMatchObject({ kind: "connected" });
  }

  test("one that arrives at another platform's callback, whatever it says", async () => {
    await expect(arrive(ada, parameters, "google")).rejects.toMatchObject({
      remedyId: "callback.state_unknown",
    });
    await expectUntouched();
  });

  const changed = (change: (copy: URLSearchParams) => void) => {
    const copy = new URLSearchParams(parameters);
    change(copy);
    return copy;
  };

  const MALFORMED: [string, (copy: URLSearchParams) => void, string][] = [
    ["no state", (copy) => copy.delete("state"), "callback.state_missing"],
    ["state[] instead of state", renameState, "callback.state_missing"],
    ["an empty state", (copy) => copy.set("state", ""), "callback.state_unknown"],
    ["a state of 5 kB", (copy) => copy.set("state", "s".repeat(5_000)), "callback.state_unknown"],
    ["a state that nobody gave out", unknownState, "callback.state_unknown"],
    ["two states", (copy) => copy.append("state", "other"), "callback.state_unknown"],
    ["two codes", (copy) => copy.append("code", "other"), "callback.state_unknown"],
    ["neither code nor error", (copy) => copy.delete("code"), "callback.code_missing"],
    ["both code and error", (copy) => copy.set("error", "server_error"), "callback.code_missing"],
    ["an empty code", (copy) => copy.set("code", ""), "callback.code_missing"],
    ["a code of 100 kB", (copy) => copy.set("code", "c".repeat(100_000)), "callback.state_unknown"],
    ["a code with line ends", (copy) => copy.set("code", "a\r\nb"), "callback.state_unknown"],
    ["an issuer of 10 kB", (copy) => copy.set("iss", "i".repeat(10_000)), "callback.state_unknown"],
  ];

  test.each(MALFORMED)("%s", async (_name, change, remedyId) => {
    const refusal = (async () => arrive(ada, changed(change)))();
    await expect(refusal).rejects.toMatchObject({ code: "invalid_request", remedyId });
    await expectUntouched();
  });

  const WRONG_ISSUERS: [string, () => string][] = [
    ["of somebody else", () => "https://evil.test/v2.0"],
    ["of another tenant", () => `${sandbox().cloud.authority}/${crypto.randomUUID()}/v2.0`],
    ["that only begins like the right one", () => `${issuer()}/more`],
  ];
  const issuer = () => `${sandbox().cloud.authority}/${sandbox().registration.tenantId}/v2.0`;

  test.each(WRONG_ISSUERS)(
    "one with an issuer %s, before its code is redeemed",
    async (...[_what, iss]) => {
      await expect(
        arrive(
          ada,
          changed((copy) => copy.set("iss", iss())),
        ),
      ).rejects.toMatchObject({ code: "invalid_request", remedyId: "callback.issuer_unknown" });
      parameters.set("iss", issuer());
      await expectUntouched();
    },
  );

  test("an error with another issuer ends nothing", async () => {
    const mixedUp = changed((copy) => {
      copy.delete("code");
      copy.set("error", "access_denied");
      copy.set("iss", "https://evil.test/v2.0");
    });
    await expect(arrive(ada, mixedUp)).rejects.toMatchObject({
      remedyId: "callback.issuer_unknown",
    });
    await expectUntouched();
  });

  test("nobody is signed in", async () => {
    await expect(arrive(null, parameters)).rejects.toMatchObject({
      code: "unauthenticated",
      remedyId: "callback.other_session",
    });
    await expectUntouched();
  });

  test("another administrator's browser", async () => {
    await expect(arrive(administrator("Eve"), parameters)).rejects.toMatchObject({
      code: "access_denied",
      remedyId: "callback.other_session",
    });
    await expectUntouched();
  });

  test("another browser session of the same administrator", async () => {
    const elsewhere = { ...ada, sessionId: administrator().sessionId };
    await expect(arrive(elsewhere, parameters)).rejects.toMatchObject({ code: "access_denied" });
    await expectUntouched();
  });

  test("more than ten minutes later", async () => {
    await db().authorizationRequest.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(arrive(ada, parameters)).rejects.toMatchObject({
      code: "invalid_request",
      remedyId: "callback.state_expired",
    });
    expect(redemptions()).toBe(before);
    expect(await stored()).toEqual({ authorizations: 0, tokenSets: 0 });
  });
});

describe("an answer that comes too late", () => {
  test("after the Back button and with another person, says that the first one counts", async () => {
    const parameters = await walk(ada, provider(), ALICE);
    await arrive(ada, parameters);
    const other = new URLSearchParams(parameters);
    other.set(
      "code",
      (await walk(ada, { ...provider(), subject: "another" }, BOB)).get("code") ?? "",
    );
    const before = redemptions();
    await expect(arrive(ada, other)).rejects.toMatchObject({
      code: "conflict",
      remedyId: "callback.answered_already",
    });
    expect(redemptions()).toBe(before);
    const rows = (await listAuthorizations(ada, cloudProviderId)).rows;
    expect(rows.map(({ username }) => username)).toEqual([ALICE]);
    // A reload of the first one still shows its outcome.
    const { authorizationRequestId } = await arrive(ada, parameters);
    expect(await findOutcome(ada, authorizationRequestId)).toMatchObject({ username: ALICE });
  });

  test("finds its provider changed, and keeps nothing", async () => {
    const parameters = await walk(ada, provider(), ALICE);
    await db().cloudProvider.update({
      where: { id: cloudProviderId },
      data: { version: { increment: 1 } },
    });
    const before = redemptions();
    const { authorizationRequestId } = await arrive(ada, parameters);
    expect(await findOutcome(ada, authorizationRequestId)).toMatchObject({
      kind: "failed",
      remedyId: "callback.provider_changed",
    });
    expect(redemptions()).toBe(before);
    expect(await stored()).toEqual({ authorizations: 0, tokenSets: 0 });
  });

  test("finds its provider deleted, and says so", async () => {
    const parameters = await walk(ada, provider(), ALICE);
    await deleteCloudProvider(ada, { id: cloudProviderId, acceptedAccounts: 0 });
    const before = redemptions();
    const { authorizationRequestId } = await arrive(ada, parameters);
    expect(await findOutcome(ada, authorizationRequestId)).toMatchObject({
      kind: "failed",
      remedyId: "callback.provider_deleted",
    });
    expect(redemptions()).toBe(before);
  });
});

function renameState(copy: URLSearchParams): void {
  copy.set("state[]", copy.get("state") ?? "");
  copy.delete("state");
}

function unknownState(copy: URLSearchParams): void {
  copy.set("state", "x".repeat(43));
}
