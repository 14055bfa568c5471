import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import type { AnyOperation } from "@/lib/http/api/operation";
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

  test("needs a key that is one, and is none of a file", async () => {
    const headers = { "idempotency-key": "k6", "content-type": "text/csv" };
    const query = `?contactListId=${randomUUID()}`;
    const imported = await call(importContactsOperation, { key, query, body: "email\n", headers });
    expect(await json(imported)).toMatchObject({ status: 400, title: "invalid_request" });
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

  test.each([
    ["an unknown field", { name: "x", admin: 1 }, 422, ["admin"]],
    ["a wrong type", { name: 5 }, 422, ["name"]],
    ["null in a field", { name: null }, 422, ["name"]],
    ["nothing in it", {}, 422, ["name"]],
    ["a list", [], 422, ["root"]],
    ["null", null, 422, ["root"]],
    ["broken JSON", '{"name":', 400, []],
    ["no content", "", 400, []],
    ["300 kB", { name: "x".repeat(300_000) }, 413, []],
  ])("with %s is refused, and its fields are named", async (...[, body, code, names]) => {
    const refused = await create(body);
    expect([refused.status, Object.keys(refused.fields ?? {})]).toEqual([code, names]);
  });

  test("of another type is told which one is expected", async () => {
    for (const type of ["text/plain", "application/jsonp"])
      expect(await create("name=x", { "content-type": type })).toMatchObject({ status: 415 });
    expect(await create("{}", { "content-encoding": "gzip" })).toMatchObject({ status: 415 });
  });

  test("is told every field that is missing, in words of ours", async () => {
    const { fields } = await ask(createCloudProviderOperation, {});
    expect(Object.keys(fields)).toEqual(["name", "clientId", "tenantId", "credential"]);
    const { fields: ofAccount } = await ask(createEmailAccountOperation, {});
    expect(Object.keys(ofAccount)).toEqual(["name", "emailAddress", "cloudProviderId"]);
    expect(JSON.stringify([fields, ofAccount])).not.toContain("Invalid input");
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
    async (_name, operation, sizes) => {
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
      expect(pages.map((each) => each.rows.length)).toEqual(sizes);
      const ids = pages.flatMap((each) => each.rows.map(({ id }: { id: string }) => id));
      expect(new Set(ids).size).toBe(MANY);
      expect(pages[0].total).toEqual({ count: MANY, isCapped: false });
      const back = await page(`?before=${pages.at(-1).previous}`);
      expect(back.rows).toEqual(pages.at(-2).rows);
      expect((await page("?limit=3")).rows).toHaveLength(3);
      for (const query of ["?limit=0", "?limit=1000", "?after=x", "?page=2"])
        expect(await page(query)).toMatchObject({ status: 422 });
    },
  );

  test("say what is wrong with a query", async () => {
    for (const query of "sort=password direction=up limit=x contactListId=x search=%00".split(" "))
      expect(Object.keys((await list(`?${query}`)).fields)).toEqual([query.replace(/=.*/, "")]);
    expect(await list(`?contactListId=${randomUUID()}`)).toMatchObject({ status: 404 });
  });
});
