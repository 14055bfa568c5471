import { describe, expect, test } from "vitest";
import { fillRemedy, findRemedy, listRemedies } from "./catalogue";
import type { RepairObject } from "./remedy";
import { testsAgain } from "./repairs";

const PROVIDER = { id: "p1", credentialKind: "client_secret", grant: "delegated" };
const ACCOUNT = { id: "a1", username: "alice@contoso.test", isDelegate: true };
const OF_ACCOUNT = { provider: PROVIDER, account: ACCOUNT };
const KNOWN = {
  mailbox: "support@contoso.test",
  login: "alice@contoso.test",
  tenantId: "11111111-1111-4111-8111-111111111111",
  clientId: "22222222-2222-4222-8222-222222222222",
  redirectUri: "https://postkey.contoso.test/callback",
  host: "outlook.office365.com",
  port: 993,
};

const filled = (id: string, object: RepairObject) =>
  fillRemedy(findRemedy(id), { ...KNOWN, object });
const labels = (id: string, object: RepairObject) =>
  filled(id, object).buttons?.map(({ label }) => label);

describe("a remedy has the button for its repair", () => {
  test.each([
    ["AADSTS7000222", ["Update Client Secret", "Check", "Test again"]],
    ["AADSTS50173", ["Sign in as alice@contoso.test", "Create sign-in link"]],
    ["AADSTS65001", ["Sign in as alice@contoso.test", "Create sign-in link"]],
    ["AADSTS90002", ["Edit the provider", "Check", "Test again"]],
    ["imap.no_full_access", ["Choose another delegate", "Edit the mailbox", "Test again"]],
    ["smtp.send_as_denied", ["Choose another delegate", "Test again"]],
    ["smtp.auth_disabled_tenant", ["Test again"]],
    ["postkey.certificate_expired", ["Generate certificate", "Test again"]],
    ["postkey.not_signed_in", ["Sign in as alice@contoso.test", "Create sign-in link"]],
  ])("%s of an account", (id, expected) => expect(labels(id, OF_ACCOUNT)).toEqual(expected));

  test("for one account to send through Microsoft Graph, and for many the list of them", () => {
    const id = "smtp.auth_disabled_tenant";
    const own = { ...OF_ACCOUNT, account: { ...ACCOUNT, mayUseGraph: true } };
    expect(labels(id, own)).toContain("Send through Microsoft Graph instead");
    const incident = { id: "i1", accounts: 40 };
    const many = filled(id, { provider: PROVIDER, service: "microsoft_azure", incident });
    expect(many.steps.at(-1)).toMatch(/^Or open the accounts, .* Set sending: it needs no SMTP/);
    expect(many.buttons).toContainEqual({
      kind: "send_by_graph",
      label: "Open the accounts",
      does: { opens: `/email/accounts?failedWith=${id}&cloudProviderId=p1` },
    });
  });

  test("its owner can sign it in by a link, where that is done by browser", () => {
    expect(filled("AADSTS50173", OF_ACCOUNT).buttons?.[1]).toEqual({
      kind: "create_links",
      label: "Create sign-in link",
      does: { createsLinks: { cloudProviderId: "p1", usernames: ["alice@contoso.test"] } },
    });
    const device = { ...OF_ACCOUNT, provider: { ...PROVIDER, grant: "device_code" } };
    expect(labels("AADSTS50173", device)).not.toContain("Create sign-in link");
  });

  test("at a provider for each of a few people who are to sign in", () => {
    const signIns = Array.from({ length: 101 }, (_, nth) => {
      const username = ["alice", "bob"][nth] ?? `p${nth}`;
      return { username, of: { subject: "authorization" as const, authorizationId: username } };
    });
    const of = (count: number) =>
      labels("AADSTS50173", { provider: PROVIDER, signIns: signIns.slice(0, count) });
    expect(of(2)).toEqual(["Sign in as alice", "Sign in as bob", "Create 2 sign-in links"]);
    expect(of(4)).toEqual(["Open the accounts", "Create 4 sign-in links"]);
    expect(of(101)).toEqual(["Open the accounts"]);
    const failed = { testRunId: "r1", failedWith: "AADSTS50173", cloudProviderId: "p1" };
    const { buttons } = filled("AADSTS50173", { provider: PROVIDER, signIns, failed });
    const { testRunId: failedInTestRun, ...cause } = failed;
    expect(buttons?.find(({ kind }) => kind === "create_links")).toEqual({
      kind: "create_links",
      label: "Create 101 sign-in links",
      does: { createsLinks: { accounts: "all", search: "", failedInTestRun, ...cause } },
    });
  });
});

test.each(["imap.not_connected", "pop3.not_connected", "imap.mailbox_refused"])(
  "what to correct comes before another test of a mailbox that may not exist: %s",
  (id) => {
    const object = { ...OF_ACCOUNT, account: { ...ACCOUNT, isDelegate: false } };
    const own = fillRemedy(findRemedy(id), { ...KNOWN, mailbox: KNOWN.login, object });
    for (const { steps } of [filled(id, object), own])
      expect(steps[0]).toMatch(
        /^If there is no such mailbox, correct the .*Mailbox of the account/,
      );
    expect(own.steps.at(-1)).toMatch(/^If it opens there, press Test again\./);
    expect(own.buttons?.map(({ label }) => label)).toEqual(["Edit the account", "Test again"]);
  },
);

test("the hosts of an account are edited at the one that failed", () => {
  const account = { ...ACCOUNT, protocol: "smtp" as const };
  const { buttons } = filled("mail.no_greeting", { account, service: null, hostsAt: "account" });
  const opens = `/email/accounts/${ACCOUNT.id}/edit?field=hosts.smtp.host`;
  expect(buttons?.find(({ kind }) => kind === "edit_account")?.does).toEqual({ opens });
});

test.each([
  ["a repaired registration", "AADSTS7000222", true],
  ["a server that was out of reach", "imap.bye", undefined],
])("after %s a test is made with a fresh token where the last says nothing", (...row) => {
  const [, id, isFresh] = row;
  const failed = { testRunId: "r1", failedWith: "AADSTS50173", cloudProviderId: "p1" };
  const incident = { id: "i1", accounts: 9 };
  const testOf = (object: RepairObject) =>
    filled(id, object).buttons?.find(({ kind }) => kind === "test")?.does;
  const testsFailed = { testsFailed: failed, ...(isFresh && { isFresh }) };
  expect(testOf({ provider: PROVIDER, failed })).toEqual(testsFailed);
  if (isFresh) expect(testOf({ incident })).toEqual({ testsIncident: "i1", isFresh });
  const opens = `/email/accounts/${ACCOUNT.id}?test=${isFresh ? "fresh" : "now"}`;
  expect(testOf(OF_ACCOUNT)).toEqual({ opens });
});

describe.each([
  ["an account", OF_ACCOUNT],
  ["accounts that failed in a test run", { failed: { testRunId: "r1", failedWith: "x" } }],
  ["a provider", { provider: PROVIDER }],
  ["an incident of one account", { ...OF_ACCOUNT, incident: { id: "i1", accounts: 1 } }],
  ["an incident of many", { provider: PROVIDER, incident: { id: "i1", accounts: 9 } }],
] as const)("of %s", (_what, object) => {
  test("every remedy has a button, each once", () => {
    for (const { id } of listRemedies()) {
      const found = labels(id, object) ?? [];
      expect(found.length, id).toBeGreaterThan(0);
      expect(new Set(found).size, id).toBe(found.length);
    }
  });
});

test("a failed sign-in, which nothing repeats, says to sign in again, with the button", () => {
  for (const { id, retry } of listRemedies()) {
    const entry = findRemedy(id);
    const { steps, buttons = [] } = fillRemedy(entry, {
      ...KNOWN,
      object: { provider: PROVIDER },
      once: "sign_in",
    });
    const told = steps.join(" ");
    expect(told, id).not.toMatch(/retries automatically|Postkey (?:asks|tries) again/);
    expect(
      buttons.map(({ kind }) => kind),
      id,
    ).toContain("sign_in");
    if (retry !== "yes") continue;
    // In a form, where a person presses again, there is no such button.
    expect(fillRemedy(entry, { once: "press" }).steps.join(" "), id).not.toMatch(/automatically/);
  }
});

test("a step names the button by the word on it", () => {
  const [first] = filled("AADSTS50173", OF_ACCOUNT).steps;
  expect(first).toMatch(/^Press Sign in as alice@contoso\.test /);
  const many = { provider: PROVIDER, incident: { id: "i1", accounts: 9 } };
  expect(filled("AADSTS50173", many).steps[0]).toMatch(/^Open the accounts, select them, /);
});

test("accounts that failed without an incident are tested again, unless that shows by itself", () => {
  const of = (id: string) => testsAgain(findRemedy(id), { failedWith: id, cloudProviderId: "p1" });
  const testsFailed = (failedWith: string) => ({ failedWith, cloudProviderId: "p1" });
  const [button] = of("AADSTS7000222");
  const does = { testsFailed: testsFailed("AADSTS7000222"), isFresh: true };
  expect(button).toEqual({ kind: "test", label: "Test again", does });
  expect(of("imap.no_full_access").map((each) => each.does)).toEqual([
    { testsFailed: testsFailed("imap.no_full_access") },
  ]);
  for (const id of ["AADSTS50173", "postkey.identity_platform_throttled"])
    expect(of(id)).toEqual([]);
});

test("a user name like $& stays as it is in a step", () => {
  const object = { provider: PROVIDER, account: { ...ACCOUNT, username: "$&@x" } };
  expect(filled("AADSTS50173", object).steps[0]).toContain("Press Sign in as $&@x");
});
