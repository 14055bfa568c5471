import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { openApiDocument } from "@/lib/http/api/openapi";
import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import { OPERATIONS } from "@/lib/http/api/operations/all";
import {
  deleteCloudProviderOperation,
  listCloudProvidersOperation,
} from "@/lib/http/api/operations/cloud-providers";
import { startConnectionTestOperation } from "@/lib/http/api/operations/connection-tests";
import { createContactOperation } from "@/lib/http/api/operations/contacts";
import {
  createEmailAccountOperation,
  deleteEmailAccountOperation,
  getEmailAccountOperation,
  patchEmailAccountOperation,
  updateEmailAccountOperation,
} from "@/lib/http/api/operations/email-accounts";
import { followEventsOperation } from "@/lib/http/api/operations/events";
import { listMessagesOperation, sendMessageOperation } from "@/lib/http/api/operations/messages";
import { getMetricsOperation } from "@/lib/http/api/operations/monitoring";
import {
  deleteContactListOperation,
  deleteContactOperation,
  getContactOperation,
  renameContactListOperation,
  updateContactOperation,
} from "@/lib/http/api/operations/one-contact";
import { db } from "@/lib/kernel/db";
import { flushCounters } from "@/lib/kernel/metrics/counters";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor, status } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, connectedAccount } from "@/lib/testing/sign-in";
import { OPTIONS } from "./[...path]/route";

const sandbox = withInstallation();
const ada = administrator();
let params: { emailAccountId: string };
let cloudProviderId: string;

beforeAll(async () => {
  const { emailAccountId, ...provider } = await connectedAccount(ada, sandbox(), { key: "HELP1" });
  params = { emailAccountId };
  ({ cloudProviderId } = provider);
});

describe("the description of the API", () => {
  const document = () => structuredClone(openApiDocument("http://localhost:3000"));

  test("is OpenAPI 3.1", async () => {
    const validator = new Validator();
    expect(await validator.validate({ ...document() })).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  test("names every method that an address takes, and no other", async () => {
    const described = new Map<string, string[]>([["/api/openapi.json", ["GET"]]]);
    for (const { method, path } of OPERATIONS)
      described.set(path, [...(described.get(path) ?? []), method]);
    for (const [path, methods] of described) {
      const url = `http://localhost:3000${path.replaceAll(/\{\w+\}/g, randomUUID())}`;
      const response = await OPTIONS(new Request(url, { method: "OPTIONS" }));
      const ofServers = methods.includes("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"];
      const taken = response.headers.get("allow")?.split(", ");
      expect(taken?.sort(), path).toEqual([...methods, ...ofServers].sort());
    }
  });

  test("is of all that Next.js has for programs: its other routes are for people, platforms and calendars", () => {
    const routes = readdirSync("app/api", { recursive: true, encoding: "utf8" });
    expect(routes.filter((path) => path.endsWith("/route.ts")).sort()).toEqual([
      "[...path]/route.ts",
      "auth/[...nextauth]/route.ts",
      "calendar/[token]/route.ts",
      "cloudProviders/oauth2/[service]/callback/route.ts",
      "company/[slug]/logout/route.ts",
    ]);
  });

  test("gives each field a type, and asks for no field that it does not describe", () => {
    const found = objectsIn(document());
    expect(found.length).toBeGreaterThan(100);
    const typed = ["type", "const", "enum", "anyOf", "oneOf", "allOf", "$ref"];
    for (const { path, properties, required } of found) {
      expect(Object.keys(properties), path).toEqual(expect.arrayContaining(required));
      for (const [name, property] of Object.entries(properties))
        expect(
          Object.keys(property).some((key) => typed.includes(key)),
          `${path}: ${name}`,
        ).toBe(true);
    }
  });

  test("has a name of its own for each operation", () => {
    expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
  });
});

type FoundObject = { path: string; properties: Record<string, object>; required: string[] };

/** Every description of an object, wherever it is in the document. */
function objectsIn(value: unknown, path = "#"): FoundObject[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([key, each]) => objectsIn(each, `${path}/${key}`));
  // A property may itself be called “required”: then it is no list.
  if (path.endsWith("/properties") || !("properties" in value || "required" in value)) return below;
  const { properties = {}, required = [] } = value as Partial<FoundObject>;
  return Array.isArray(required) ? [{ path, properties, required }, ...below] : below;
}

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

test("a contact is read, changed, moved and deleted, and so are lists", async () => {
  const key = await keyFor(["contacts:read", "contacts:write"]);
  const [first, second] = [
    await createContactList(ada, { name: "From" }),
    await createContactList(ada, { name: "To" }),
  ];
  const contact = { contactListId: first.id, name: "Zoë", email: "zoe@contacts.test" };
  const { id: contactId } = await json(await call(createContactOperation, { key, body: contact }));
  const own = { key, params: { contactId } };
  const change = (version: number) =>
    status(
      call(updateContactOperation, {
        ...own,
        body: { ...contact, contactListId: second.id, version },
      }),
    );
  expect([await change(1), await change(1)]).toEqual([204, 409]);
  expect(await json(await call(getContactOperation, own))).toMatchObject({
    contactListId: second.id,
    listName: "To",
    version: 2,
  });
  expect(await status(call(deleteContactOperation, { ...own, query: "?version=1" }))).toBe(409);
  expect(await status(call(deleteContactOperation, { ...own, query: "?version=2" }))).toBe(204);
  expect(await status(call(getContactOperation, own))).toBe(404);

  const list = { key, params: { contactListId: first.id } };
  const rename = call(renameContactListOperation, { ...list, body: { version: 1, name: "Named" } });
  expect(await status(rename)).toBe(204);
  expect(await status(call(deleteContactListOperation, list))).toBe(204);
  expect(await status(call(deleteContactListOperation, list))).toBe(404);
});

test("an email account is created, changed, switched and deleted", async () => {
  const key = await keyFor(["accounts:read", "accounts:write"]);
  const form = accountForm({ cloudProviderId, name: "By program" });
  const { id: emailAccountId } = await json(
    await call(createEmailAccountOperation, { key, body: form }),
  );
  const own = { key, params: { emailAccountId } };
  const read = async () => json(await call(getEmailAccountOperation, own));
  expect(await read()).toMatchObject({ name: "By program", version: 1, hasPassword: false });
  const change = (version: number, id = emailAccountId) =>
    status(
      call(updateEmailAccountOperation, {
        ...own,
        body: { ...form, id, version, name: "Renamed" },
      }),
    );
  expect(await change(1)).toBe(204);
  expect(await change(1)).toBe(409);
  expect(await change(2, params.emailAccountId)).toBe(422);
  const off = { ...own, body: { active: false } };
  expect(await status(call(patchEmailAccountOperation, off))).toBe(204);
  expect(await read()).toMatchObject({ name: "Renamed", active: false });
  expect(await status(call(deleteEmailAccountOperation, own))).toBe(204);
  expect(await read()).toMatchObject({ status: 404 });
});

test("a provider is deleted only with as many accounts as the program was ready for", async () => {
  const key = await keyFor(["providers:write", "providers:read"]);
  const listed = await json(await call(listCloudProvidersOperation, { key }));
  expect(listed.rows[0]).toMatchObject({ id: cloudProviderId, state: "connected" });
  expect(JSON.stringify(listed)).not.toContain(sandbox().registration.clientSecret);
  const deletion = { key, params: { cloudProviderId } };
  expect(await status(call(deleteCloudProviderOperation, deletion))).toBe(409);
  expect(await db().cloudProvider.count({ where: { id: cloudProviderId } })).toBe(1);
});

describe("messages", () => {
  test("are sent from the account's address, and read without a trace", async () => {
    const key = await keyFor(["mail:send", "mail:read"]);
    const subject = `Hello ${randomUUID()}`;
    const message = { to: ALICE, subject, text: "Good morning,\n\nthis is Motion.\n" };
    const sent = await json(await call(sendMessageOperation, { key, params, body: message }));
    expect(sent).toMatchObject({ status: 201, response: expect.stringMatching(/^250/) });
    const list = async () => json(await call(listMessagesOperation, { key, params }));
    const found = async () =>
      (await list()).messages.find((each: { subject: string }) => each.subject === subject);
    await expect.poll(found).toMatchObject({
      from: ALICE,
      to: ALICE,
      messageId: sent.messageId,
      isSeen: false,
    });
    expect(await found()).toMatchObject({ isSeen: false });
    expect(
      await db().auditEvent.findFirst({ where: { action: "email_account.send_message" } }),
    ).toMatchObject({ actorName: "Motion", detail: { messageId: sent.messageId } });
  });

  test("are sent once for one Idempotency-Key", async () => {
    const key = await keyFor(["mail:send", "mail:read"]);
    const subject = `Once ${randomUUID()}`;
    const send = () =>
      call(sendMessageOperation, {
        key,
        params,
        body: { to: ALICE, subject, text: "x" },
        headers: { "idempotency-key": subject.slice(5) },
      });
    const [first, again] = [await json(await send()), await json(await send())];
    expect(first.status).toBe(201);
    expect(again).toEqual(first);
    const arrived = async () => {
      const { messages } = await json(await call(listMessagesOperation, { key, params }));
      return messages.filter((each: { subject: string }) => each.subject === subject).length;
    };
    await expect.poll(arrived).toBe(1);
  });

  test.each([
    ["two addresses", { to: "a@x.test, b@x.test" }],
    ["a line break in the subject", { subject: "x\r\nBcc: eve@evil.test" }],
    ["no subject", { subject: " " }],
    ["a control character", { text: "\u0000" }],
    ["a sender of one's own", { from: BOB }],
  ])("with %s are refused", async (_what, change) => {
    const key = await keyFor(["mail:send"]);
    const body = { to: BOB, subject: "x", text: "x", ...change };
    expect(await status(call(sendMessageOperation, { key, params, body }))).toBe(422);
  });

  test("that the server does not take say what to do", async () => {
    const key = await keyFor(["mail:send"]);
    sandbox().faults.set("smtp_auth_disabled_mailbox");
    const body = { to: BOB, subject: "x", text: "x" };
    expect(await json(await call(sendMessageOperation, { key, params, body }))).toMatchObject({
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
