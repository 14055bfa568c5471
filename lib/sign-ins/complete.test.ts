import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, BOB, signIn, walk, withProvider } from "@/lib/testing/sign-in";
import { beginAdminConsent, beginAuthorization } from "./begin";
import { findOutcome, listAuthorizations } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const provider = withProvider(ada, sandbox);

const redemptions = () => tokenRequests(sandbox(), "authorization_code");

/** What is stored of a sign-in, beside the request itself. */
async function stored() {
  const { cloudProviderId } = provider;
  const [authorizations, tokenSets] = await Promise.all([
    db().authorization.count({ where: { cloudProviderId } }),
    db().tokenSet.count({ where: { authorization: { cloudProviderId } } }),
  ]);
  return { authorizations, tokenSets };
}

describe("a sign-in that succeeds", () => {
  test("connects the mailbox and says who it is", async () => {
    const outcome = await signIn(ada, provider);
    expect(outcome).toEqual({ kind: "connected", username: ALICE, missingScopes: [] });
    const [row, ...others] = (await listAuthorizations(ada, provider.cloudProviderId)).rows;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ username: ALICE, state: "connected", signedInByName: "Ada" });
  });

  test("redeems the code once, however often and together its answer arrives", async () => {
    const parameters = await walk(ada, provider, ALICE);
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
    const url = await beginAuthorization(ada, provider);
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
    const mail = ["IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"];
    const scopes = mail.map((scope) => `https://outlook.office.com/${scope}`);
    scopes.push("email", "offline_access", "openid", "profile");
    expect(query.scope?.split(" ").sort()).toEqual(scopes.sort());
    const where = { cloudProviderId: provider.cloudProviderId };
    const [row] = await db().authorizationRequest.findMany({ where });
    expect(JSON.stringify(row)).not.toContain(query.state);
  });

  test("is for people in a browser only", async () => {
    const { sessionId: _, ...withoutSession } = ada;
    const refused = beginAuthorization(withoutSession, provider);
    await expect(refused).rejects.toMatchObject({ code: "access_denied" });
  });
});

describe("an answer that is refused changes nothing and spends no code", () => {
  let parameters: URLSearchParams;
  let before: number;

  beforeEach(async () => {
    parameters = await walk(ada, provider, ALICE);
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
    const refused = arrive(ada, parameters, "google");
    await expect(refused).rejects.toMatchObject({ remedyId: "callback.state_unknown" });
    await expectUntouched();
  });

  const changed = (change: (copy: URLSearchParams) => void) => {
    const copy = new URLSearchParams(parameters);
    change(copy);
    return copy;
  };

  const MALFORMED: [string, (copy: URLSearchParams) => void, string][] = [
    ["no state", (copy) => copy.delete("state"), "callback.state_missing"],
    ["a state that nobody gave out", unknownState, "callback.state_unknown"],
    ["two states", (copy) => copy.append("state", "other"), "callback.state_unknown"],
    ["neither code nor error", (copy) => copy.delete("code"), "callback.code_missing"],
    ["both code and error", (copy) => copy.set("error", "server_error"), "callback.code_missing"],
    ["a code of 100 kB", (copy) => copy.set("code", "c".repeat(100_000)), "callback.state_unknown"],
  ];

  test.each(MALFORMED)("%s", async (_name, change, remedyId) => {
    const refusal = (async () => arrive(ada, changed(change)))();
    await expect(refusal).rejects.toMatchObject({ code: "invalid_request", remedyId });
    await expectUntouched();
  });

  test.each(["code", "error"])("one with the issuer of somebody else, and a %s", async (answer) => {
    const mixedUp = changed((copy) => {
      if (answer === "error") {
        copy.delete("code");
        copy.set("error", "access_denied");
      }
      copy.set("iss", "https://evil.test/v2.0");
    });
    const refused = { code: "invalid_request", remedyId: "callback.issuer_unknown" };
    await expect(arrive(ada, mixedUp)).rejects.toMatchObject(refused);
    const { cloud, registration } = sandbox();
    parameters.set("iss", `${cloud.authority}/${registration.tenantId}/v2.0`);
    await expectUntouched();
  });

  test.each([
    ["nobody is signed in", null, "unauthenticated"],
    ["another administrator's browser", administrator("Eve"), "access_denied"],
    ["another session of the same one", { ...ada, sessionId: randomUUID() }, "access_denied"],
  ])("%s", async (_whose, actor, code) => {
    await expect(arrive(actor, parameters)).rejects.toMatchObject({
      code,
      remedyId: "callback.other_session",
    });
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
    const parameters = await walk(ada, provider, ALICE);
    await arrive(ada, parameters);
    const other = new URLSearchParams(parameters);
    const later = await walk(ada, { ...provider, subject: "another" }, BOB);
    other.set("code", later.get("code") ?? "");
    const before = redemptions();
    await expect(arrive(ada, other)).rejects.toMatchObject({
      code: "conflict",
      remedyId: "callback.answered_already",
    });
    expect(redemptions()).toBe(before);
    const rows = (await listAuthorizations(ada, provider.cloudProviderId)).rows;
    expect(rows.map(({ username }) => username)).toEqual([ALICE]);
    // A reload of the first one still shows its outcome.
    const { authorizationRequestId } = await arrive(ada, parameters);
    expect(await findOutcome(ada, authorizationRequestId)).toMatchObject({ username: ALICE });
  });

  test("finds its provider changed, and keeps nothing", async () => {
    const parameters = await walk(ada, provider, ALICE);
    const where = { id: provider.cloudProviderId };
    await db().cloudProvider.update({ where, data: { version: { increment: 1 } } });
    const before = redemptions();
    const { authorizationRequestId } = await arrive(ada, parameters);
    expect(await findOutcome(ada, authorizationRequestId)).toMatchObject({
      kind: "failed",
      remedyId: "callback.provider_changed",
    });
    expect(redemptions()).toBe(before);
    expect(await stored()).toEqual({ authorizations: 0, tokenSets: 0 });
  });
});

function unknownState(copy: URLSearchParams): void {
  copy.set("state", "x".repeat(43));
}

describe("the consent of an administrator", () => {
  const ADELE = "adele@contoso.test";

  /** What an administrator presses on the platform's page, and the parameters that come back. */
  async function walk(fields: Record<string, string>): Promise<URLSearchParams> {
    const url = await beginAdminConsent(ada, provider.cloudProviderId);
    const body = new URLSearchParams(fields);
    const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
    return new URL(answer.headers.get("location") ?? "http://nowhere").searchParams;
  }

  async function outcomeOf(parameters: URLSearchParams) {
    const { authorizationRequestId } = await arrive(ada, parameters);
    return findOutcome(ada, authorizationRequestId);
  }

  const ACCEPT = { account: ADELE, consent: "accept" };

  test("names tenant, application and permissions, and nobody is signed in by it, once or twice", async () => {
    const url = await beginAdminConsent(ada, provider.cloudProviderId);
    const { clientId, tenantId } = sandbox().registration;
    expect(url.pathname).toBe(`/${tenantId}/v2.0/adminconsent`);
    expect(url.searchParams.get("client_id")).toBe(clientId);
    expect(url.searchParams.get("scope")).toContain("/IMAP.AccessAsUser.All");
    expect(url.searchParams.get("redirect_uri")).toContain("/oauth2/microsoft/callback");
    const where = { action: "cloud_provider.admin_consent" };
    const before = await db().auditEvent.count({ where });
    const parameters = await walk(ACCEPT);
    for (let arrival = 0; arrival < 2; arrival += 1)
      expect(await outcomeOf(parameters)).toEqual({ kind: "consented" });
    expect((await listAuthorizations(ada, provider.cloudProviderId)).rows).toEqual([]);
    expect(await db().auditEvent.count({ where })).toBe(before + 1);
  });

  test.each([
    ["was cancelled", { cancel: "1" }, "AADSTS65004"],
    ["was tried by somebody else", { account: ALICE, consent: "accept" }, "AADSTS90094"],
  ])("says what went wrong when it %s", async (_what, fields, remedyId) => {
    expect(await outcomeOf(await walk(fields as Record<string, string>))).toMatchObject({
      kind: "failed",
      remedyId,
    });
  });

  test("of another tenant is none", async () => {
    const parameters = await walk(ACCEPT);
    parameters.set("tenant", "7b9f4ad1-52c7-4b3e-9f57-5d0a4c6e8b21");
    expect(await outcomeOf(parameters)).toMatchObject({ remedyId: "callback.consent_elsewhere" });
  });

  test.each([{ admin_consent: "False" }, { admin_consent: "" }, { code: "stolen" }])(
    "is not taken from %j",
    async (changes) => {
      const parameters = await walk(ACCEPT);
      parameters.delete("admin_consent");
      for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
      const ended = outcomeOf(parameters).catch((error: unknown) => error);
      expect(await ended).toMatchObject({ remedyId: "callback.code_missing" });
    },
  );

  test("an answer of the page for administrators ends no sign-in", async () => {
    const url = await beginAuthorization(ada, provider);
    const state = url.searchParams.get("state") ?? "";
    const parameters = new URLSearchParams({ admin_consent: "True", state });
    expect(await outcomeOf(parameters)).toMatchObject({ remedyId: "callback.code_missing" });
  });
});
