import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import type { AnyOperation } from "@/lib/http/api/operation";
import { createAlertChannelOperation } from "@/lib/http/api/operations/alert-channels";
import { createCloudProviderOperation } from "@/lib/http/api/operations/cloud-providers";
import { listConnectionTestsOperation } from "@/lib/http/api/operations/connection-tests";
import {
  createContactListOperation,
  importContactsOperation,
  listContactListsOperation,
  listContactsOperation,
} from "@/lib/http/api/operations/contacts";
import { createEmailAccountOperation } from "@/lib/http/api/operations/email-accounts";
import { listIncidentsOperation } from "@/lib/http/api/operations/incidents";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor, status } from "@/lib/testing/api";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";

withDatabase();
const ada = administrator();

let key: string;
beforeAll(async () => {
  key = await keyFor([
    ...(["contacts:read", "contacts:write", "accounts:read", "accounts:write"] as const),
    ...(["providers:write", "alerts:write", "incidents:read"] as const),
  ]);
});

describe("a creation with an Idempotency-Key", () => {
  const create = (name: string, idempotencyKey: string, by = key) =>
    call(createContactListOperation, {
      key: by,
      body: { name },
      headers: { "idempotency-key": idempotencyKey },
    });
  const created = (name: string) => db().contactList.count({ where: { name } });

  test("happens once, is answered the same again, and refused for something else", async () => {
    const [first, again] = [await create("Once", "k1"), await create("Once", "k1")];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await again.json()).toEqual(await first.json());
    expect(await created("Once")).toBe(1);
    expect(await status(create("That", "k1"))).toBe(422);
  });

  test("happens once for many who ask at the same time", async () => {
    const asked = Array.from({ length: 8 }, () => status(create("At once", "k2")));
    expect(new Set(await Promise.all(asked))).toEqual(new Set([201, 409]));
    expect(await created("At once")).toBe(1);
  });

  test("may be tried again after a refusal, and belongs to its API key", async () => {
    const other = await keyFor(["contacts:write"]);
    expect(await status(create("Taken", "k4"))).toBe(201);
    expect(await status(create("Taken", "k4", other))).toBe(409);
    expect(await status(create("Free", "k4", other))).toBe(201);
  });

  test("that broke off in the middle is not done a second time", async () => {
    await create("Broken off", "k5");
    const data = { status: null, body: null };
    await db().idempotencyKey.updateMany({ where: { key: "k5" }, data });
    expect(await json(await create("Broken off", "k5"))).toMatchObject({
      status: 409,
      detail: expect.stringContaining("was interrupted"),
    });
  });

  test("is not what an import of a file is", async () => {
    const { id } = await createContactList(ada, { name: "Imported" });
    const imported = await call(importContactsOperation, {
      key,
      query: `?contactListId=${id}`,
      body: "email\nx@import.test\n",
      headers: { "idempotency-key": "k6", "content-type": "text/csv" },
    });
    expect(await json(imported)).toMatchObject({ status: 400, title: "invalid_request" });
  });

  test("needs a key that is one", async () => {
    for (const bad of ["", " ", "x".repeat(256), "ä"]) {
      // The platform itself refuses a value that cannot be a header.
      const refused = await status(create("Bad key", bad)).catch(() => 400);
      expect(refused, bad).toBe(400);
    }
  });
});

describe("a body", () => {
  const ask = async (operation: AnyOperation, body: unknown, headers = {}) =>
    json(await call(operation, { key, body, headers }));
  const create = (body: unknown, headers = {}) => ask(createContactListOperation, body, headers);

  test.each<[string, unknown, number, Record<string, string>]>([
    ["an unknown field", { nmae: "x" }, 422, { nmae: "Did you mean “name”?" }],
    ["a field like no other", { name: "x", admin: 1 }, 422, { admin: "Known fields: name." }],
    ["a wrong type", { name: 5 }, 422, { name: "Expected a string, not a number." }],
    ["null in a field", { name: null }, 422, { name: "Expected a string, not null." }],
    ["nothing in a field", { name: "" }, 422, { name: "Enter a name." }],
    ["nothing in it", {}, 422, {}],
    ["a list", [], 422, { root: "Expected an object, not an array." }],
    ["null", null, 422, {}],
    ["a text", '"name"', 422, { root: "Expected an object, not a string." }],
    ["broken JSON", '{"name":', 400, {}],
    ["no content", "", 400, {}],
    ["300 kB", { name: "x".repeat(300_000) }, 413, {}],
  ])("with %s is refused, and what was expected is told", async (...[, body, code, expected]) => {
    const refused = await create(body);
    expect(refused.status).toBe(code);
    for (const [name, message] of Object.entries(expected)) {
      expect(refused.fields[name].join()).toContain(message);
      expect(refused.detail).toContain(name === "root" ? "the body" : name);
    }
  });

  test("of another type is told which one is expected", async () => {
    const plain = await create("name=x", { "content-type": "text/plain" });
    const detail = /has the Content-Type “text\/plain”. Send it as application\/json/;
    expect(plain).toMatchObject({ status: 415, detail: expect.stringMatching(detail) });
    const jsonp = await create("name=x", { "content-type": "application/jsonp" });
    expect(jsonp).toMatchObject({ status: 415 });
    const zipped = await create("{}", { "content-encoding": "gzip" });
    expect(zipped.detail).toContain("without a Content-Encoding");
  });

  test("is told every field that is missing, in words of ours", async () => {
    const { fields } = await ask(createCloudProviderOperation, {});
    expect(Object.keys(fields)).toEqual(["name", "clientId", "tenantId", "credential"]);
    const { fields: ofAccount } = await ask(createEmailAccountOperation, {});
    expect(Object.keys(ofAccount)).toEqual(["name", "emailAddress", "cloudProviderId"]);
    expect(JSON.stringify([fields, ofAccount])).not.toContain("Invalid input");
  });

  test.each<[Record<string, unknown>, Record<string, RegExp>]>([
    [
      { service: "outlok365" },
      { service: /^Expected "outlook365".* or "custom"\. Did you mean “outlook365”/ },
    ],
    [{ service: 5 }, { service: /^Expected "outlook365", / }],
    [{ active: "yes" }, { active: /^Expected true or false, not a string\.$/ }],
    [
      { hosts: { imap: { prot: 1 } } },
      { "hosts.imap.prot": /Did you mean “port”/, "hosts.imap.host": /Enter/ },
    ],
    [{ contactListId: "x" }, { contactListId: /This id is not valid/ }],
    [{ key: "toolong" }, { key: /Use at most 5 characters/ }],
  ])("with %j in an account is told why", async (change, expected) => {
    const body = { name: "S", key: "S", emailAddress: "a@contoso.test", ...change };
    const { fields } = await ask(createEmailAccountOperation, body);
    for (const [name, message] of Object.entries(expected))
      expect(fields[name]?.[0]).toMatch(message);
  });

  test("with hosts that may not be reached is told all that is wrong at once", async () => {
    const at = (host: string, port: number) => ({ host, port, tls: "implicit" });
    const mail = { imap: at("10.0.0.1", 22), smtp: at("mail.example.com", 25), pop3: at("", 995) };
    const fieldsOf = async (operation: AnyOperation, body: unknown) =>
      Object.keys((await ask(operation, body)).fields).sort();
    const account = { name: "", emailAddress: "x", service: "custom", hosts: mail };
    const ofHosts = ["imap.host", "imap.port", "pop3.host", "smtp.port"];
    expect(await fieldsOf(createEmailAccountOperation, account)).toEqual(
      expect.arrayContaining(["emailAddress", "name", ...ofHosts.map((name) => `hosts.${name}`)]),
    );
    const hosts = { authority: "https://127.0.0.1", scopeHost: "x", graph: "", mail };
    expect(await fieldsOf(createCloudProviderOperation, { hosts })).toEqual(
      expect.arrayContaining([
        ...["clientId", "hosts.authority", "hosts.scopeHost"],
        ...ofHosts.map((name) => `hosts.mail.${name}`),
      ]),
    );
    const channel = { kind: "smtp", smtp: mail.imap };
    expect(await fieldsOf(createAlertChannelOperation, channel)).toEqual(
      expect.arrayContaining(["name", "smtp.host", "smtp.port"]),
    );
  });

  test("of a kind that is unknown is told which are known", async () => {
    const register = async (body: unknown) =>
      (await ask(createCloudProviderOperation, body)).fields;
    expect(await register({ service: "gogle" })).toMatchObject({
      service: ['Expected "microsoft_azure" or "google". Did you mean “google”?'],
    });
    expect(await register({ credential: { kind: "secret" } })).toMatchObject({
      "credential.kind": [expect.stringMatching(/^Expected "client_secret", "certificate", /)],
    });
  });

  test.each([
    ['{"name": "x" "y"}', "line 1, column 14"],
    ['{\n  "name": x\n}', "line 2, column 11"],
    ['{"name":', "breaks off at line 1, column 9"],
    ["", "empty"],
  ])("that is not JSON (%j) is told where", async (body, where) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      detail: expect.stringContaining(where),
    });
  });
});

const MANY = 230;
const indexes = Array.from({ length: MANY }, (_, index) => index);

describe("lists", () => {
  const list = async (query: string) => json(await call(listContactsOperation, { key, query }));

  test.each([
    ["contactLists", listContactListsOperation, [200, 30]],
    ["incidents", listIncidentsOperation, [200, 30]],
    ["connectionTests", listConnectionTestsOperation, [...Array(11).fill(20), 10]],
  ] as const)(
    "of %s have pages, and each of 230 rows is on one",
    async (name, operation, sizes) => {
      await db().contactList.deleteMany();
      const form = accountForm({ modernAuthentication: false, password: "secret" });
      const { id: emailAccountId } = await createEmailAccount(ada, form);
      await db().contactList.createMany({
        data: indexes.map((index) => ({ name: `List ${index}`, nameKey: `list ${index}` })),
      });
      const incident = { kind: "mail", remedyId: "mail.unreachable", subject: "x", accounts: 1 };
      await db().incident.deleteMany();
      await db().incident.createMany({
        data: indexes.map((at) => ({ ...incident, cause: `mail:${at}`, peakAccounts: 7 })),
      });
      const report = { username: "", emailAddress: "", protocols: [] };
      const test = { emailAccountId, durationMs: 1, verdict: "ok", startedByName: "Ada", report };
      await db().connectionTest.createMany({
        data: indexes.map((at) => ({
          ...test,
          startedAt: new Date(Date.UTC(2026, 10, 1, 0, at % 60)),
        })),
      });
      const page = async (query: string) =>
        json(await call(operation, { key, params: { emailAccountId }, query }));
      const pages = [await page("")];
      for (let next = pages[0].next; next; next = pages.at(-1).next)
        pages.push(await page(`?after=${next}`));
      expect(pages.map((each) => each[name].length)).toEqual(sizes);
      const ids = pages.flatMap((each) => each[name].map(({ id }: { id: string }) => id));
      expect(new Set(ids).size).toBe(MANY);
      expect(pages[0].total).toEqual({ count: MANY, isCapped: false });
      const back = await page(`?before=${pages.at(-1).previous}`);
      expect(back[name]).toEqual(pages.at(-2)[name]);
      expect((await page("?limit=3"))[name]).toHaveLength(3);
      for (const query of ["?limit=0", "?limit=1000", "?after=x", "?page=2"])
        expect(await page(query)).toMatchObject({ status: 422 });
    },
  );

  test("say what is wrong with a query, and what was expected", async () => {
    for (const query of ["?sort=password", "?limit=1&limit=2", "?contactListId=x", "?search=%00"])
      expect(await list(query), query).toMatchObject({ status: 422, fields: expect.any(Object) });
    const query = "?limit=x&sort=emial&direction=up&serach=x&after=x";
    expect((await list(query)).fields).toEqual({
      limit: ["Expected a number."],
      sort: [expect.stringMatching(/^Expected "email", .*Did you mean “email”\?$/)],
      direction: ['Expected "asc" or "desc".'],
      serach: ["This field is unknown. Did you mean “search”?"],
      after: ["This page no longer exists."],
    });
    expect((await list("?limit=500")).fields).toEqual({ limit: ["Expected at most 200."] });
  });

  test("of what does not exist are not found", async () => {
    expect(await list(`?contactListId=${randomUUID()}`)).toMatchObject({ status: 404 });
  });
});
