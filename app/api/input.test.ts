import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import type { AnyOperation } from "@/lib/http/api/operation";
import { createAlertChannelOperation } from "@/lib/http/api/operations/alert-channels";
import { createCloudProviderOperation } from "@/lib/http/api/operations/cloud-providers";
import {
  createContactListOperation,
  createContactOperation,
  importContactsOperation,
  listContactsOperation,
} from "@/lib/http/api/operations/contacts";
import { createEmailAccountOperation } from "@/lib/http/api/operations/email-accounts";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor } from "@/lib/testing/api";
import { withDatabase } from "@/lib/testing/database";

withDatabase();
const ada = administrator();

describe("a creation with an Idempotency-Key", () => {
  const create = (key: string, name: string, idempotencyKey: string) =>
    call(createContactListOperation, {
      key,
      body: { name },
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
      detail: expect.stringContaining("was interrupted"),
    });
  });

  test("is not what an import of a file is", async () => {
    const key = await keyFor(["contacts:write"]);
    const { id } = await createContactList(ada, { name: "Imported" });
    const imported = await call(importContactsOperation, {
      key,
      query: `?contactListId=${id}`,
      body: "email\nx@import.test\n",
      headers: { "idempotency-key": "k6", "content-type": "text/csv" },
    });
    expect(await json(imported)).toMatchObject({ status: 400, title: "invalid_request" });
  });

  test.each(["", " ", "x".repeat(256), "ä"])("needs a key that is one, not %j", async (bad) => {
    const key = await keyFor(["contacts:write"]);
    const response = create(key, "Bad key", bad).then(({ status: each }) => each);
    // The platform itself refuses a value that cannot be a header.
    expect(await response.catch(() => 400)).toBe(400);
  });
});

describe("a body", () => {
  const create = async (body: unknown, headers: Record<string, string> = {}) =>
    json(
      await call(createContactListOperation, {
        key: await keyFor(["contacts:write"]),
        body,
        headers,
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

  test("is told every field that is missing, in words of ours", async () => {
    const register = async (body: unknown) =>
      json(
        await call(createCloudProviderOperation, { key: await keyFor(["providers:write"]), body }),
      );
    const { fields } = await register({});
    expect(Object.keys(fields)).toEqual(["name", "clientId", "tenantId", "credential"]);
    const account = { key: await keyFor(["accounts:write"]), body: {} };
    const { fields: ofAccount } = await json(await call(createEmailAccountOperation, account));
    expect(Object.keys(ofAccount)).toEqual(["name", "emailAddress", "cloudProviderId"]);
    expect(JSON.stringify([fields, ofAccount])).not.toContain("Invalid input");
  });

  test.each<[string, unknown, Record<string, string>]>([
    [
      "a field that is unknown",
      { nmae: "x" },
      { nmae: "This field is unknown. Did you mean “name”?" },
    ],
    [
      "a field like no other",
      { nmae: "x", admin: 1 },
      { admin: "This field is unknown. Known fields: name." },
    ],
    ["a wrong type", { name: 5 }, { name: "Expected a string, not a number." }],
    ["null", { name: null }, { name: "Expected a string, not null." }],
    ["a list", [], { root: "Expected an object, not an array." }],
    ["a text", '"name"', { root: "Expected an object, not a string." }],
  ])("with %s is told what was expected", async (_what, body, expected) => {
    const { fields, detail } = await create(body);
    for (const [name, message] of Object.entries(expected)) {
      expect(fields[name]).toContain(message);
      expect(detail).toContain(name === "root" ? "the body" : name);
    }
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
    const key = await keyFor(["accounts:write"]);
    const { fields } = await json(await call(createEmailAccountOperation, { key, body }));
    for (const [name, message] of Object.entries(expected))
      expect(fields[name]?.[0]).toMatch(message);
  });

  test("with hosts that may not be reached is told all that is wrong at once", async () => {
    const key = await keyFor(["accounts:write", "providers:write", "alerts:write"]);
    const at = (host: string, port: number) => ({ host, port, tls: "implicit" });
    const mail = { imap: at("10.0.0.1", 22), smtp: at("mail.example.com", 25), pop3: at("", 995) };
    const fieldsOf = async (operation: AnyOperation, body: unknown) =>
      Object.keys((await json(await call(operation, { key, body }))).fields).sort();
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
    const key = await keyFor(["providers:write"]);
    const register = async (body: unknown) =>
      (await json(await call(createCloudProviderOperation, { key, body }))).fields;
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

  test("of another type is told which one is expected", async () => {
    const detailOf = async (headers: Record<string, string>) =>
      (await create("{}", headers)).detail;
    expect(await detailOf({ "content-type": "text/plain" })).toContain(
      "has the Content-Type “text/plain”. Send it as application/json",
    );
    expect(await detailOf({ "content-encoding": "gzip" })).toContain("without a Content-Encoding");
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
        key,
        body: { contactListId, name, email: `${name}@walk.test` },
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

  test("say what was expected, in words for a query", async () => {
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
