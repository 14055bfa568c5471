import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { flushUses } from "@/lib/api-keys/uses";
import { createContactList } from "@/lib/contact-lists/mutations";
import { db } from "@/lib/db";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { env } from "@/lib/env";
import { openApiDocument } from "@/lib/http/api/openapi";
import { OPERATIONS } from "@/lib/http/api/operations";
import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import {
  deleteCloudProviderOperation,
  listCloudProvidersOperation,
} from "@/lib/http/api/operations/cloud-providers";
import {
  getConnectionTestOperation,
  listConnectionTestsOperation,
  startConnectionTestOperation,
} from "@/lib/http/api/operations/connection-tests";
import {
  createContactListOperation,
  createContactOperation,
  importContactsOperation,
  listContactsOperation,
} from "@/lib/http/api/operations/contacts";
import {
  createEmailAccountOperation,
  deleteEmailAccountOperation,
  getEmailAccountOperation,
  listEmailAccountsOperation,
  setEmailAccountActiveOperation,
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
import { flushCounters } from "@/lib/metrics/counters";
import { administrator } from "@/lib/testing/actors";
import { call, keyFor } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, connectedAccount } from "@/lib/testing/sign-in";

vi.mock("next/headers", async () => (await import("@/lib/testing/browser")).nextHeaders);

const sandbox = withInstallation();
const ada = administrator();
let params: { emailAccountId: string };
let cloudProviderId: string;

beforeAll(async () => {
  const { emailAccountId, ...provider } = await connectedAccount(ada, sandbox(), { key: "HELP1" });
  params = { emailAccountId };
  ({ cloudProviderId } = provider);
});

const json = async (response: Response) => ({
  status: response.status,
  ...(await response.json()),
});
const status = async (response: Promise<Response>) => (await response).status;

describe("the description of the API", () => {
  const document = () => structuredClone(openApiDocument("http://localhost:3000"));

  test("is OpenAPI 3.1", async () => {
    const validator = new Validator();
    expect(await validator.validate({ ...document() })).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  /** What answers people, identity platforms and calendars rather than programs. */
  const NOT_FOR_PROGRAMS = ["/auth/", "/oauth2/", "/calendar/", "/openapi.json/"];

  test("names every route for programs, and each route serves what it names", () => {
    const described = OPERATIONS.map(({ method, path }) => `${method} ${path}`);
    const served = readdirSync("app/api", { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith("/route.ts"))
      .filter((path) => !NOT_FOR_PROGRAMS.some((part) => `/${path}`.includes(part)))
      .flatMap((path) => {
        const source = readFileSync(`app/api/${path}`, "utf8");
        const exported = /export (?:const|async function) (GET|POST|PUT|PATCH|DELETE)\b/g;
        const url = `/api/${path.replace(/\/route\.ts$/, "")}`;
        return [...source.matchAll(exported)].map(
          ([, method]) => `${method} ${url.replaceAll("[", "{").replaceAll("]", "}")}`,
        );
      });
    expect(served.sort()).toEqual(described.sort());
  });

  test("has a name of its own for each operation", () => {
    expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
  });
});

describe("what a key may do", () => {
  test.each(OPERATIONS.filter(({ permission }) => permission !== null))(
    "does not reach to $id without its permission",
    async (operation) => {
      const key = await keyFor([
        operation.permission === "incidents:read" ? "audit:read" : "incidents:read",
      ]);
      const known = { ...params, cloudProviderId, connectionTestId: randomUUID() };
      const response = await call(operation, { key, params: known, body: operation.body && {} });
      expect(await json(response)).toMatchObject({ status: 403, title: "access_denied" });
    },
  );
});

describe("a key for some accounts", () => {
  const ACCOUNT = ["accounts:read", "accounts:test", "tokens:read", "mail:read"] as const;

  test.each([
    ["by their ids", () => ({ accountIds: [params.emailAccountId] })],
    ["by how their keys begin", () => ({ accountKeyPrefix: "help" })],
  ])("chosen %s sees nothing of the others", async (_how, limits) => {
    const form = accountForm({ cloudProviderId, key: `O${randomUUID().slice(0, 4)}` });
    const { id: emailAccountId } = await createEmailAccount(ada, form);
    const key = await keyFor([...ACCOUNT], limits());
    const { rows, total } = await json(await call(listEmailAccountsOperation, { key }));
    expect(rows.map(({ id }: { id: string }) => id)).toEqual([params.emailAccountId]);
    expect(total.count).toBe(1);
    const ofAccount = [
      ...[getEmailAccountOperation, getAccessTokenOperation, startConnectionTestOperation],
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
    const found = await call(getConnectionTestOperation, {
      ...{ key: tester, params: { connectionTestId } },
    });
    expect(await json(found)).toMatchObject({ status: 200, verdict: "ok", emailAddress: ALICE });
    const elsewhere = await keyFor(["accounts:read"], { accountKeyPrefix: "zz" });
    expect(
      await status(
        call(getConnectionTestOperation, { key: elsewhere, params: { connectionTestId } }),
      ),
    ).toBe(404);
  });
});

describe("a key from some addresses", () => {
  test("is refused from others, and where nobody knows", async () => {
    env().trustProxy = true;
    const key = await keyFor(["tokens:read"], { addresses: ["10.1.0.0/16", "2001:db8::1"] });
    const from = (address?: string) =>
      status(
        call(getAccessTokenOperation, {
          ...{ key, params },
          headers: address === undefined ? {} : { "x-forwarded-for": address },
        }),
      );
    expect(await from("10.1.2.3")).toBe(200);
    expect(await from("1.1.1.1, 2001:db8::1")).toBe(200);
    expect(await from("10.2.0.1")).toBe(403);
    expect(await from("10.1.2.3, 10.2.0.1")).toBe(403);
    expect(await from()).toBe(403);
    env().trustProxy = false;
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

describe("a creation with an Idempotency-Key", () => {
  const create = (key: string, name: string, idempotencyKey: string) =>
    call(createContactListOperation, {
      ...{ key, body: { name } },
      headers: { "idempotency-key": idempotencyKey },
    });

  test("happens once, and is answered the same again", async () => {
    const key = await keyFor(["contacts:write"]);
    const first = await create(key, "Once", "k1");
    const again = await create(key, "Once", "k1");
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await again.json()).toEqual(await first.json());
    expect(await db().contactList.count({ where: { name: "Once" } })).toBe(1);
  });

  test("happens once for many who ask at the same time", async () => {
    const key = await keyFor(["contacts:write"]);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => create(key, "At once", "k2")),
    );
    expect(answers.filter(({ status: each }) => ![201, 409].includes(each))).toEqual([]);
    expect(answers.filter(({ status: each }) => each === 201).length).toBeGreaterThan(0);
    expect(await db().contactList.count({ where: { name: "At once" } })).toBe(1);
  });

  test("is refused when the key was used for something else", async () => {
    const key = await keyFor(["contacts:write"]);
    await create(key, "This", "k3");
    expect(await json(await create(key, "That", "k3"))).toMatchObject({ status: 422 });
  });

  test("may be tried again after a refusal, and belongs to its API key", async () => {
    const [one, other] = [await keyFor(["contacts:write"]), await keyFor(["contacts:write"])];
    expect((await create(one, "Taken", "k4")).status).toBe(201);
    expect((await create(other, "Taken", "k4")).status).toBe(409);
    expect((await create(other, "Free", "k4")).status).toBe(201);
  });

  test("that broke off in the middle is not done a second time", async () => {
    const key = await keyFor(["contacts:write"]);
    await create(key, "Broken off", "k5");
    await db().idempotencyKey.updateMany({
      where: { key: "k5" },
      data: { status: null, body: null },
    });
    expect(await json(await create(key, "Broken off", "k5"))).toMatchObject({
      status: 409,
      detail: expect.stringContaining("broke off"),
    });
  });

  test("is not what an import of a file is", async () => {
    const key = await keyFor(["contacts:write"]);
    const { id } = await createContactList(ada, { name: "Imported" });
    const imported = await call(importContactsOperation, {
      ...{ key, query: `?contactListId=${id}`, body: "email\nx@import.test\n" },
      headers: { "idempotency-key": "k6", "content-type": "text/csv" },
    });
    expect(await json(imported)).toMatchObject({ status: 400, title: "invalid_request" });
  });

  test.each(["", " ", "x".repeat(256), "ä"])("needs a key that is one, not %j", async (bad) => {
    const key = await keyFor(["contacts:write"]);
    const response = create(key, "Bad key", bad).then(({ status: each }) => each);
    // The platform itself refuses what is no header.
    expect(await response.catch(() => 400)).toBe(400);
  });
});

describe("a body", () => {
  const create = async (body: unknown, headers: Record<string, string> = {}) =>
    json(
      await call(createContactListOperation, {
        ...{ key: await keyFor(["contacts:write"]), body, headers },
      }),
    );

  test.each([
    ["an unknown field", { name: "x", admin: true }, 422],
    ["a wrong type", { name: 5 }, 422],
    ["nothing in it", {}, 422],
    ["a list", [], 422],
    ["null", null, 422],
    ["broken JSON", '{"name":', 400],
    ["no content", "", 400],
    ["300 kB", { name: "x".repeat(300_000) }, 413],
  ])("with %s is refused", async (_what, body, expected) => {
    expect(await create(body)).toMatchObject({ status: expected });
  });

  test("of another type, or not in UTF-8, is refused", async () => {
    expect(await create("name=x", { "content-type": "text/plain" })).toMatchObject({ status: 415 });
    expect(await create("name=x", { "content-type": "application/jsonp" })).toMatchObject({
      status: 415,
    });
  });

  test("is told which fields are wrong", async () => {
    expect(await create({ name: "" })).toMatchObject({ fields: { name: ["Enter a name."] } });
    expect(await db().contactList.count({ where: { name: "" } })).toBe(0);
  });
});

describe("lists", () => {
  const list = async (query: string) =>
    json(await call(listContactsOperation, { key: await keyFor(["contacts:read"]), query }));

  test("are walked by their cursors", async () => {
    const { id: contactListId } = await createContactList(ada, { name: "Walk" });
    const key = await keyFor(["contacts:write"]);
    for (const name of ["a", "b", "c"])
      await call(createContactOperation, {
        ...{ key, body: { contactListId, name, email: `${name}@walk.test` } },
      });
    const seen: string[] = [];
    let after = "";
    do {
      const { rows, next } = await list(`?contactListId=${contactListId}&limit=2${after}`);
      seen.push(...rows.map(({ email }: { email: string }) => email));
      after = next ? `&after=${next}` : "";
    } while (after);
    expect(seen).toEqual(["a@walk.test", "b@walk.test", "c@walk.test"]);
  });

  test.each([
    "?limit=0",
    "?limit=201",
    "?limit=x",
    "?sort=password",
    "?after=x",
    "?page=2",
    "?limit=1&limit=2",
    "?contactListId=x",
    "?search=%00",
  ])("say what is wrong with %s", async (query) => {
    expect(await list(query)).toMatchObject({ status: 422, fields: expect.any(Object) });
  });

  test("of what does not exist are not found", async () => {
    expect(await list(`?contactListId=${randomUUID()}`)).toMatchObject({ status: 404 });
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
    ...{ contactListId: second.id, listName: "To", version: 2 },
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
  expect(await status(call(setEmailAccountActiveOperation, off))).toBe(204);
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
      ...{ from: ALICE, to: ALICE, messageId: sent.messageId },
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
        ...{ key, params, body: { to: ALICE, subject, text: "x" } },
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

test("each use is in the audit trail, however often it happens", async () => {
  const key = await keyFor(["tokens:read"]);
  const { id } = await db().apiKey.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  for (let use = 0; use < 5; use += 1) await call(getAccessTokenOperation, { key, params });
  for (let madeUp = 0; madeUp < 3; madeUp += 1)
    await call(getAccessTokenOperation, { key, params: { emailAccountId: randomUUID() } });
  const written = async () =>
    (
      await db().auditEvent.findMany({
        where: { action: "api_key.use", objectId: id },
        orderBy: { id: "asc" },
      })
    ).map(({ detail }) => detail);
  const path = `/api/emailAccounts/${params.emailAccountId}/accessToken`;
  const use = { operation: "getAccessToken", path, status: 200 };
  expect(await written()).toEqual([
    { ...use, count: 1 },
    { ...use, path: getAccessTokenOperation.path, status: 404, count: 1 },
  ]);
  await flushUses(0);
  expect(await written()).toContainEqual({ ...use, count: 4 });
  expect((await db().apiKey.findUnique({ where: { id } }))?.lastUsedAt).toBeInstanceOf(Date);
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
  const key = await keyFor(["metrics:read"]);
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
