import { beforeEach, describe, expect, test } from "vitest";
import { GRAPH_ANSWERS } from "@/e2e/sandbox/graph/errors";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { getGraphToken } from "@/lib/email-accounts/graph-token";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { setReadsBy, setSendsBy } from "@/lib/email-accounts/ways/mutations";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { listAuthorizations } from "@/lib/sign-ins/queries";
import { administrator, program } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { expectNoSecret } from "@/lib/testing/secrets";
import {
  ALICE,
  accountForm,
  BOB,
  connectedAccount,
  providerForm,
  signIn,
} from "@/lib/testing/sign-in";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { readNewestMessages } from "./read";
import { roundTrip } from "./round-trip";
import type { RoundTripEvent } from "./schema";
import { sendTestMessage } from "./send";

const sandbox = withInstallation();
const ada = administrator();
const ADELE = "adele@contoso.test";

/** In an organisation that has SMTP AUTH off, and told to send through Microsoft Graph. */
async function accountThroughGraph(person = ALICE) {
  sandbox().faults.set("smtp_auth_disabled_tenant");
  const names = { emailAddress: person, username: person };
  const account = await connectedAccount(ada, sandbox(), names);
  await setSendsBy(ada, { id: account.emailAccountId, sendsBy: "graph" });
  return account;
}

const consent = (emailAccountId: string, person = ALICE) =>
  signIn(ada, { subject: "email_account", emailAccountId }, person);

async function consentedAccount() {
  const account = await accountThroughGraph();
  await consent(account.emailAccountId);
  return account;
}

const sendTo = (emailAccountId: string, to = BOB) => sendTestMessage(ada, { emailAccountId, to });

async function arrived(messageId: string, emailAccountId: string): Promise<boolean> {
  const newest = await readNewestMessages(ada, emailAccountId);
  return newest.some((message) => message.messageId === messageId);
}

beforeEach(() => sandbox().faults.clearAll());

describe("an account whose organisation has SMTP AUTH off", () => {
  test("sends through Microsoft Graph once that is consented to, and its test says so", async () => {
    const { emailAccountId, cloudProviderId } = await accountThroughGraph();
    const permissions = async () =>
      (await listAuthorizations(ada, cloudProviderId)).rows[0]?.permissions;
    const refused = await runTest(ada, emailAccountId);
    expect(await permissions()).toContainEqual({ name: "Mail.Send", isGranted: false });
    expect(refused.protocols.imap.verdict).toBe("ok");
    expect(refused.protocols.smtp).toMatchObject({
      through: "graph",
      failure: { remedyId: "graph.send_not_consented" },
    });
    await consent(emailAccountId);
    const { verdict, protocols } = await runTest(ada, emailAccountId);
    expect({ verdict, smtp: protocols.smtp.verdict }).toEqual({ verdict: "ok", smtp: "ok" });
    expect(await permissions()).toContainEqual({ name: "Mail.Send", isGranted: true });
    const { messageId, response } = await sendTo(emailAccountId, ALICE);
    expect(response).toMatch(/^202 Accepted by Microsoft Graph \(request /);
    expect(await arrived(messageId, emailAccountId)).toBe(true);
    expectNoSecret([protocols, await db().graphToken.findMany()]);
  });

  test("sends from a shared mailbox with the right of its delegate, who is asked for that too", async () => {
    const { cloudProviderId } = await consentedAccount();
    const form = accountForm({ cloudProviderId, emailAddress: "support@contoso.test" });
    const { id } = await createEmailAccount(ada, { ...form, sendsBy: "graph" });
    await expect(sendTo(id)).rejects.toMatchObject({ remedyId: "graph.send_not_consented" });
    await consent(id);
    expect((await sendTo(id)).response).toMatch(/^202 /);
  });
});

test("an application sends with a right of its own, and its token is handed to no program", async () => {
  const { clientId, tenantId, clientSecret } = sandbox().serviceRegistration;
  const own = { clientId, tenantId, clientSecret, grant: "app_only" };
  const { id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox(), own));
  await connectApplication(ada, { cloudProviderId });
  const form = accountForm({ cloudProviderId, sendsBy: "graph" });
  const { id } = await createEmailAccount(ada, form);
  expect((await sendTo(id)).response).toMatch(/^202 /);
  const handed = getGraphToken(program("tokens:read"), id, { purpose: "hand_out", way: "send" });
  await expect(handed).rejects.toMatchObject({ remedyId: "graph.token_of_application" });
});

describe("a sign-in with tokens for two resources", () => {
  /** What refuses Microsoft Graph alone, and what is asked for the mail servers meanwhile. */
  test.each([
    ["graph.send_not_consented", undefined],
    ["AADSTS53003", "raise:53003"],
    ["postkey.identity_platform_throttled", "throttled"],
    ["postkey.identity_platform_unavailable", "server_error"],
  ])("works on for the mail servers when Graph is refused: %s", async (says, fault) => {
    const { emailAccountId, cloudProviderId } = fault
      ? await consentedAccount()
      : await accountThroughGraph(BOB);
    if (fault) sandbox().faults.set(fault, { at: "token" });
    const { state, accessTokenSealed } = await tokenRow(cloudProviderId);
    const graph = getGraphToken(ada, emailAccountId, { purpose: "test_fresh", way: "send" });
    await expect(graph).rejects.toMatchObject({ remedyId: says });
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state, accessTokenSealed });
    expect(await db().platformPause.count()).toBe(0);
    sandbox().faults.clearAll();
    const { isFresh } = await getAccessToken(ada, emailAccountId, "test_fresh");
    expect(isFresh).toBe(true);
  });

  test("sends on through Graph when the mail servers' token is refused", async () => {
    const { emailAccountId, cloudProviderId } = await consentedAccount();
    await sendTo(emailAccountId);
    await letExpire(cloudProviderId);
    sandbox().faults.set("raise:53003", { at: "token" });
    const mail = getAccessToken(ada, emailAccountId, "test_fresh");
    await expect(mail).rejects.toMatchObject({ remedyId: "AADSTS53003" });
    expect((await sendTo(emailAccountId)).response).toMatch(/^202 /);
  });

  test("asks the platform once for many who send at once, and again no sooner than it may", async () => {
    const { emailAccountId } = await accountThroughGraph(ADELE);
    const asked = () => tokenRequests(sandbox(), "refresh_token");
    const before = asked();
    const send = () => sendTo(emailAccountId).catch(({ remedyId }) => remedyId);
    const ends = await Promise.all(Array.from({ length: 5 }, send));
    expect(new Set(ends)).toEqual(new Set(["graph.send_not_consented"]));
    expect(asked()).toBe(before + 1);
    await consent(emailAccountId, ADELE);
    const consented = asked();
    await Promise.all(Array.from({ length: 5 }, send));
    expect(asked()).toBe(consented + 1);
  });

  test("keeps both alive: each answer's refresh token is the next one's", async () => {
    const { emailAccountId } = await consentedAccount();
    for (let round = 0; round < 3; round += 1) {
      await getGraphToken(ada, emailAccountId, { purpose: "test_fresh", way: "send" });
      expect((await getAccessToken(ada, emailAccountId, "test_fresh")).isFresh).toBe(true);
    }
  });

  test("a token that is nearly over is renewed before a message, and a short one is used", async () => {
    const { emailAccountId, cloudProviderId } = await consentedAccount();
    sandbox().faults.set("short_token");
    await sendTo(emailAccountId);
    const where = { authorization: { cloudProviderId } };
    const { accessTokenExpiresAt } = await db().graphToken.findFirstOrThrow({ where });
    expect(accessTokenExpiresAt?.getTime()).toBeLessThan(Date.now() + 2 * MINUTE_MS);
  });
});

/** Sent, refused, or unknown; and what is said of each. */
const OUTCOMES: Record<keyof typeof GRAPH_ANSWERS, string> = {
  access_denied: "graph.send_denied",
  no_permissions: "graph.send_denied",
  send_as_denied: "graph.send_as_denied",
  no_mailbox: "graph.no_mailbox",
  invalid_user: "graph.unknown_mailbox",
  blocked: "graph.send_blocked",
  limit: "graph.send_limit",
  quota: "graph.mailbox_full",
  recipients: "graph.message_refused",
  unknown_code: "graph.send_refused",
  code_with_breaks: "graph.send_refused",
  expired: "graph.token_refused",
  throttled: "graph.busy",
  gateway_timeout: "graph.outcome_unknown",
  not_sent: "graph.outcome_unknown",
  proxy_limit: "graph.message_refused",
  portal: "graph.outcome_unknown",
};

describe("an answer of Microsoft Graph", () => {
  let emailAccountId: string;
  beforeEach(async () => {
    emailAccountId ??= (await consentedAccount()).emailAccountId;
  });

  test.each(Object.entries(OUTCOMES))("%s is told as %s", async (name, remedyId) => {
    sandbox().faults.set(`graph:${name}`);
    const isPassing = ["graph.busy", "graph.send_limit"].includes(remedyId);
    const code = isPassing ? "temporarily_unavailable" : "conflict";
    await expect(sendTo(emailAccountId)).rejects.toMatchObject({ remedyId, code });
  });

  test("each is in this table", () => {
    expect(Object.keys(OUTCOMES).toSorted()).toEqual(Object.keys(GRAPH_ANSWERS).toSorted());
  });

  test.each([
    ["reset", "graph.outcome_unknown"],
    ["truncated", "graph.outcome_unknown"],
    ["huge_body", "graph.outcome_unknown"],
  ])("one that breaks off (%s) is never repeated", async (fault, remedyId) => {
    sandbox().faults.set(fault, { at: "graph" });
    const asked = () => sandbox().requests().counts["graph fault"] ?? 0;
    const before = asked();
    await expect(sendTo(emailAccountId)).rejects.toMatchObject({ remedyId });
    expect(asked()).toBe(before + 1);
  });

  /** Without a message, nothing can be on its way; and only Graph's own words show the right. */
  test.each([
    ["reset", "graph.unclear_answer"],
    ["graph:not_sent", "graph.unclear_answer"],
    ["graph:portal", "graph.unclear_answer"],
    ["graph:proxy_limit", "graph.message_refused"],
  ])("a test is not passed by %s", async (fault, remedyId) => {
    sandbox().faults.set(fault, { at: "graph" });
    const { protocols } = await runTest(ada, emailAccountId);
    expect(protocols.smtp).toMatchObject({ verdict: "failed", failure: { remedyId } });
  });

  test("one that refuses the token has another one fetched for the next message", async () => {
    sandbox().faults.set("graph:expired", { times: 1 });
    await expect(sendTo(emailAccountId)).rejects.toMatchObject({
      remedyId: "graph.token_refused",
    });
    const asked = tokenRequests(sandbox(), "refresh_token");
    expect((await sendTo(emailAccountId)).response).toMatch(/^202 /);
    expect(tokenRequests(sandbox(), "refresh_token")).toBe(asked + 1);
  });

  test("one that asks to wait twice has its seconds told", async () => {
    sandbox().faults.set("graph:throttled");
    await expect(sendTo(emailAccountId)).rejects.toMatchObject({ retryAfterSeconds: 2 });
  });

  test("one that asks to wait is heeded, and the message is there once", async () => {
    sandbox().faults.set("graph:throttled", { times: 1 });
    const begun = performance.now();
    const { messageId } = await sendTo(emailAccountId, ALICE);
    expect(performance.now() - begun).toBeGreaterThan(1_900);
    const ids = (await readNewestMessages(ada, emailAccountId)).map((each) => each.messageId);
    expect(ids.filter((id) => id === messageId)).toHaveLength(1);
  });

  test("after an unknown outcome the message may be there, and is there once", async () => {
    sandbox().faults.set("graph:gateway_timeout");
    const before = (await readNewestMessages(ada, emailAccountId)).length;
    await expect(sendTo(emailAccountId, ALICE)).rejects.toMatchObject({
      remedyId: "graph.outcome_unknown",
    });
    expect(await readNewestMessages(ada, emailAccountId)).toHaveLength(before + 1);
  });
});

test("a delegate who may open a mailbox and not send as it is refused", async () => {
  const { cloudProviderId: another } = await connectedAccount(ada, sandbox(), {
    emailAddress: BOB,
    username: BOB,
  });
  const ofBob = accountForm({
    cloudProviderId: another,
    emailAddress: "support@contoso.test",
    username: BOB,
    sendsBy: "graph",
  });
  const refused = await createEmailAccount(ada, ofBob);
  await consent(refused.id, BOB);
  await expect(sendTo(refused.id)).rejects.toMatchObject({ remedyId: "graph.send_as_denied" });
});

const NOT_CONSENTED = { remedyId: "graph.read_not_consented" };

const switchOff = () => {
  for (const fault of ["imap_disabled", "pop_disabled"]) sandbox().faults.set(fault);
};

async function readingAccount() {
  const account = await connectedAccount(ada, sandbox());
  await setReadsBy(ada, { id: account.emailAccountId, readsBy: "graph" });
  return account;
}

describe("an account whose organisation has IMAP and POP3 off", () => {
  test("reads through Microsoft Graph once that is consented to, and its test says so", async () => {
    const { emailAccountId, cloudProviderId } = await readingAccount();
    switchOff();
    const { imap, smtp } = (await runTest(ada, emailAccountId)).protocols;
    expect(imap).toMatchObject({ through: "graph", failure: NOT_CONSENTED });
    expect(smtp.verdict).toBe("ok");
    await consent(emailAccountId);
    const { verdict, protocols } = await runTest(ada, emailAccountId);
    expect({ verdict, pop3: protocols.pop3.verdict }).toEqual({ verdict: "ok", pop3: "skipped" });
    const [{ permissions = [] } = {}] = (await listAuthorizations(ada, cloudProviderId)).rows;
    expect(permissions).toContainEqual({ name: "Mail.ReadBasic", isGranted: true });
    expect(permissions.map(({ name }) => name)).not.toContain("Mail.Send");
  });

  test("shows the same newest messages, and sees its own arrive", async () => {
    const { emailAccountId } = await connectedAccount(ada, sandbox());
    const shown = async () =>
      (await readNewestMessages(ada, emailAccountId)).map(
        ({ uid, sizeBytes, receivedAt, ...row }) => row,
      );
    const overImap = await shown();
    await setReadsBy(ada, { id: emailAccountId, readsBy: "graph" });
    await consent(emailAccountId);
    switchOff();
    expect(await shown()).toEqual(overImap);
    const events: string[] = [];
    const onEvent = ({ type }: RoundTripEvent) => void events.push(type);
    await roundTrip(ada, emailAccountId, { signal: new AbortController().signal, onEvent });
    expect(events).toEqual(["sent", "arrived"]);
  });

  test("opens a shared mailbox with the right of its delegate", async () => {
    const { cloudProviderId, emailAccountId } = await readingAccount();
    await consent(emailAccountId);
    const form = accountForm({ cloudProviderId, emailAddress: "support@contoso.test" });
    const { id } = await createEmailAccount(ada, { ...form, readsBy: "graph" });
    await expect(readNewestMessages(ada, id)).rejects.toMatchObject(NOT_CONSENTED);
    await consent(id);
    expect(await readNewestMessages(ada, id)).not.toEqual([]);
  });
});

test("the consent that is missing for one way leaves the other as it is", async () => {
  const { emailAccountId: id } = await accountThroughGraph(BOB);
  await consent(id, BOB);
  await setReadsBy(ada, { id, readsBy: "graph" });
  await expect(readNewestMessages(ada, id)).rejects.toMatchObject(NOT_CONSENTED);
  await db().graphToken.updateMany({ data: { accessTokenExpiresAt: new Date() } });
  expect((await sendTo(id)).response).toMatch(/^202 /);
  await consent(id, BOB);
  expect(await readNewestMessages(ada, id)).not.toEqual([]);
  expect((await sendTo(id)).response).toMatch(/^202 /);
});

test.each([
  ["graph:access_denied", "graph.read_denied"],
  ["graph:no_mailbox", "graph.no_mailbox"],
  ["graph:expired", "graph.token_refused"],
  ["graph:unknown_code", "graph.read_refused"],
  ["graph:portal", "graph.unclear_answer"],
])("%s is told of a mailbox that is read as %s", async (fault, remedyId) => {
  const { emailAccountId } = await readingAccount();
  await consent(emailAccountId);
  sandbox().faults.set(fault, { at: "graph" });
  const { protocols } = await runTest(ada, emailAccountId);
  expect(protocols.imap).toMatchObject({ verdict: "failed", failure: { remedyId } });
});
