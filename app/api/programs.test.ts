import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import {
  getConnectionTestOperation,
  listConnectionTestsOperation,
  startConnectionTestOperation,
} from "@/lib/http/api/operations/connection-tests";
import {
  emailAccountOperations,
  listEmailAccountsOperation,
} from "@/lib/http/api/operations/email-accounts";
import { followEventsOperation } from "@/lib/http/api/operations/events";
import { listMessagesOperation, sendMessageOperation } from "@/lib/http/api/operations/messages";
import { getMetricsOperation } from "@/lib/http/api/operations/monitoring";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { flushCounters } from "@/lib/kernel/metrics/counters";
import { flushUses } from "@/lib/programs/uses";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor, status } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, withAccount } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
const ada = administrator();
const params = withAccount(ada, sandbox, { key: "HELP1" });

test("an access token comes with all that mail software has to know", async () => {
  const key = await keyFor(["tokens:read"]);
  const response = await call(getAccessTokenOperation, { key, params });
  expect(response.headers.get("cache-control")).toBe("no-store");
  const { mail } = sandbox().cloud;
  expect(await json(response)).toEqual({
    status: 200,
    access_token: expect.stringMatching(/^eyJ/),
    token_type: "Bearer",
    expires_in: expect.any(Number),
    scope: expect.stringContaining("SMTP.Send"),
    username: ALICE,
    users: { imap: ALICE, smtp: ALICE, pop3: ALICE },
    email_address: ALICE,
    hosts: mail,
  });
});

describe("messages", () => {
  const send = (key: string, body: object, headers = {}) =>
    call(sendMessageOperation, { key, params, body, headers });
  const HELLO = { to: BOB, subject: "x", text: "x" };

  test("are sent once for one Idempotency-Key, from the account's address, and read without a trace", async () => {
    const key = await keyFor(["mail:send", "mail:read"]);
    const subject = `Hello ${randomUUID()}`;
    const message = { to: ALICE, subject, text: "Good morning,\n\nthis is Motion.\n" };
    const once = { "idempotency-key": subject.slice(6) };
    const [sent, again] = [
      await json(await send(key, message, once)),
      await json(await send(key, message, once)),
    ];
    expect(sent).toMatchObject({ status: 201, response: expect.stringMatching(/^250/) });
    expect(again).toEqual(sent);
    const found = async () => {
      const { rows } = await json(await call(listMessagesOperation, { key, params }));
      return rows.filter((each: { subject: string }) => each.subject === subject);
    };
    const unseen = { from: ALICE, to: ALICE, messageId: sent.messageId, isSeen: false };
    await expect.poll(found).toMatchObject([unseen]);
    expect(await found()).toMatchObject([unseen]);
    const where = { action: "email_account.send_message" };
    expect(await db().auditEvent.findFirst({ where })).toMatchObject({
      actorName: "Motion",
      detail: { messageId: sent.messageId },
    });
  });

  test("are refused with another header in a field, and from another address", async () => {
    const key = await keyFor(["mail:send"]);
    for (const change of [{ subject: "x\r\nBcc: eve@evil.test" }, { from: BOB }])
      expect(await status(send(key, { ...HELLO, ...change }))).toBe(422);
  });

  test("that the server does not take say what to do", async () => {
    const key = await keyFor(["mail:send"]);
    sandbox().faults.set("smtp_auth_disabled_mailbox");
    expect(await json(await send(key, HELLO))).toMatchObject({
      status: 409,
      remedyId: "smtp.auth_disabled_mailbox",
      detail: expect.stringContaining("535 5.7.139"),
    });
  });
});

test("a program follows what changes, and goes on where it broke off", async () => {
  const key = await keyFor(["events:read"]);
  type From = { headers?: Record<string, string>; query?: string };
  const follow = async (from: From, until: string) => {
    const response = await call(followEventsOperation, { key, ...from });
    const reader = response.body?.getReader();
    let text = "";
    while (reader && !text.includes(until)) {
      const { value, done } = await reader.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    await reader?.cancel();
    return text;
  };
  await createContactList(ada, { name: "Event 1" });
  const seen = await db().event.findFirstOrThrow({ orderBy: { id: "desc" } });
  const { id } = await createContactList(ada, { name: "Event 2" });
  const ways: From[] = [
    { headers: { "last-event-id": String(seen.id) } },
    { query: `?lastEventId=${seen.id}` },
  ];
  for (const way of ways) {
    const text = await follow(way, id);
    expect(text).toContain(`"id":"${id}"`);
    expect(text).toContain(`id: ${seen.id + 1n}`);
  }

  expect(await status(call(followEventsOperation, { key, query: "?lastEventId=x" }))).toBe(422);
  const limited = await keyFor(["tokens:read"], { accountKeyPrefix: "help" });
  expect(await status(call(followEventsOperation, { key: limited }))).toBe(403);
});

test("a monitor reads how it is and what happened, in Prometheus' format", async () => {
  const key = await keyFor(["metrics:read", "accounts:test", "tokens:read"]);
  await (await call(startConnectionTestOperation, { key, params })).text();
  await call(getAccessTokenOperation, { key, params });
  await flushCounters();
  const text = await (await call(getMetricsOperation, { key })).text();
  expect(text).toContain('postkey_tokens{state="connected"} 1');
  expect(text).toMatch(/postkey_connection_tests_total\{protocol="imap",verdict="ok"\} \d+/);
  expect(text).toMatch(/_duration_seconds_bucket\{le="\+Inf",protocol="smtp"\} \d+/);
  expect(text).toMatch(/postkey_credential_expiry_seconds 1\d{7}/);
  expect(text).toMatch(/postkey_api_requests_total\{operation="getAccessToken",status="200"\} \d+/);
  for (const line of text.trimEnd().split("\n"))
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)*\})? -?[\d.e+-]+)$/);
});

describe("a key for some accounts", () => {
  const ACCOUNT = ["accounts:read", "accounts:test", "tokens:read", "mail:read"] as const;

  test.each([
    ["by their ids", () => ({ accountIds: [params.emailAccountId] })],
    ["by how their keys begin", () => ({ accountKeyPrefix: "help" })],
  ])("chosen %s sees nothing of the others", async (_how, limits) => {
    const { cloudProviderId } = params;
    const form = accountForm({ cloudProviderId, key: `O${randomUUID().slice(0, 4)}` });
    const { id: emailAccountId } = await createEmailAccount(ada, form);
    const key = await keyFor([...ACCOUNT], limits());
    const { rows, total } = await json(await call(listEmailAccountsOperation, { key }));
    expect(rows.map(({ id }: { id: string }) => id)).toEqual([params.emailAccountId]);
    expect(total.count).toBe(1);
    const ofAccount = [
      ...[emailAccountOperations.get, getAccessTokenOperation, startConnectionTestOperation],
      ...[listConnectionTestsOperation, listMessagesOperation],
    ];
    for (const operation of ofAccount) {
      const other = await call(operation, { key, params: { emailAccountId } });
      expect(await json(other), operation.id).toMatchObject({ status: 404 });
      const own = await call(operation, { key, params });
      expect(own.status, operation.id).toBe(200);
      await own.text();
    }
  });

  test("finds no report of another account", async () => {
    const tester = await keyFor(["accounts:test", "accounts:read"]);
    const test = await call(startConnectionTestOperation, { key: tester, params });
    const last = (await test.text()).trim().split("\n").at(-1) ?? "";
    const connectionTestId: string = JSON.parse(last).connectionTestId;
    const find = (key: string) =>
      call(getConnectionTestOperation, { key, params: { connectionTestId } });
    expect(await json(await find(tester))).toMatchObject({ verdict: "ok", emailAddress: ALICE });
    const elsewhere = await keyFor(["accounts:read"], { accountKeyPrefix: "zz" });
    expect(await status(find(elsewhere))).toBe(404);
  });
});

describe("a key from some addresses", () => {
  test("is refused from others, and where nobody knows", async () => {
    env().trustProxy = { hops: 1 };
    const key = await keyFor(["tokens:read"], { addresses: ["10.1.0.0/16", "2001:db8::1"] });
    const from = (address?: string) => {
      const headers = { ...(address !== undefined && { "x-forwarded-for": address }) };
      return status(call(getAccessTokenOperation, { key, params, headers }));
    };
    expect(await from("10.1.2.3")).toBe(200);
    expect(await from("1.1.1.1, 2001:db8::1")).toBe(200);
    expect(await from("10.2.0.1")).toBe(403);
    expect(await from("10.1.2.3, 10.2.0.1")).toBe(403);
    expect(await from()).toBe(403);
    env().trustProxy = undefined;
    await expect(keyFor(["tokens:read"], { addresses: ["10.1.2.3"] })).rejects.toMatchObject({
      code: "unprocessable",
      fields: { addresses: [expect.stringContaining("POSTKEY_TRUST_PROXY")] },
    });
  });
});

test("a key is told when it asks too often, and when to come back", async () => {
  const key = await keyFor(["tokens:read"], { requestsPerMinute: 2 });
  const ask = () => call(getAccessTokenOperation, { key, params });
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(50);
  expect(await json(refused)).toMatchObject({ title: "too_many_requests" });
});

test("each use is in the audit trail", async () => {
  const key = await keyFor(["tokens:read"]);
  const { id } = await db().apiKey.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  await call(getAccessTokenOperation, { key, params });
  await call(getAccessTokenOperation, { key, params: { emailAccountId: randomUUID() } });
  await flushUses(0);
  const where = { action: "api_key.use", objectId: id };
  const written = await db().auditEvent.findMany({ where, orderBy: { id: "asc" } });
  expect(written.map(({ detail }) => detail)).toMatchObject([
    { path: `/api/emailAccounts/${params.emailAccountId}/accessToken`, status: 200, count: 1 },
    { path: getAccessTokenOperation.path, status: 404, count: 1 },
  ]);
  expect((await db().apiKey.findUnique({ where: { id } }))?.lastUsedAt).toBeInstanceOf(Date);
});
