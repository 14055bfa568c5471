import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { recordAudits } from "@/lib/audit/mutations";
import { listAuditEvents } from "@/lib/audit/trail/queries";
import { auditParamsSchema } from "@/lib/audit/trail/schema";
import { db, pool } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { flushUses, recordUse } from "./uses";

withDatabase();
const ada = administrator("Ada");
const list = (query: Record<string, unknown> = {}) =>
  listAuditEvents(ada, auditParamsSchema.parse(query));
const getToken = (status: number) => ({
  operation: "getAccessToken",
  path: `/api/emailAccounts/${randomUUID()}/accessToken`,
  status,
});

/** One act on so many accounts, as a change of many records it. */
async function actOn(accounts: number): Promise<void> {
  const detail = { together: accounts, act: randomUUID() };
  const entries = Array.from({ length: accounts }, (_, at) => ({
    actor: ada,
    action: "email_account.delete",
    object: { kind: "email_account", id: randomUUID(), name: `Account ${at}` },
    detail,
  }));
  await db().$transaction((tx) => recordAudits(tx, entries));
}

beforeEach(async () => {
  await pool().query(`SET session_replication_role = replica; DELETE FROM "AuditEvent";
    DELETE FROM "AuditHead"; SET session_replication_role = origin`);
});

test("an act on many objects is one row, which leads to each of them", async () => {
  await actOn(60);
  await actOn(1);
  const { rows, total } = await list();
  expect(total).toEqual({ count: 2, isCapped: false });
  expect(rows.map(({ folded }) => folded?.events)).toEqual([1, 60]);
  expect(rows[1]?.folded?.names).toHaveLength(12);
  const each = await list({ fold: rows[1]?.id });
  expect(each.total.count).toBe(60);
  expect(each.rows.map(({ folded }) => folded)).toEqual(Array(25).fill(null));
});

test("the uses of a key are one row for an hour, an operation and an outcome", async () => {
  const motion = program("tokens:read");
  for (const status of [200, 200, 200, 403]) {
    recordUse(motion, getToken(status));
    await flushUses(0);
  }
  const { rows, total } = await list();
  expect(total.count).toBe(2);
  expect(rows.map(({ folded }) => [folded?.uses, folded?.events])).toEqual([
    [1, 1],
    [3, 3],
  ]);
  expect(rows[0]?.folded?.since).toBeInstanceOf(Date);
});

test("what a key reads in an hour is one row, whatever the operations; tokens and refusals have their own", async () => {
  const motion = program("accounts:read");
  const use = (operation: string, status = 200) =>
    recordUse(motion, { operation, path: `/api/${operation}`, status });
  for (const operation of ["listEmailAccounts", "listContacts", "exportContacts"]) use(operation);
  use("listEmailAccounts");
  await flushUses(0);
  use("getEmailAccount");
  use("getAccessToken");
  use("listDevices", 403);
  const other = { operation: "listDevices", path: "/api/devices", status: 200 };
  recordUse(program("accounts:read"), other);
  await flushUses(0);
  const { rows, total } = await list();
  expect(total.count).toBe(4);
  const reads = rows.find(({ folded }) => folded?.events === 4);
  expect(reads?.folded).toMatchObject({ uses: 5, names: Array(4).fill("Mail motion") });
  expect((await list({ fold: reads?.id })).rows).toHaveLength(4);
});

test("a write by a key is one row, its own", async () => {
  const motion = program("accounts:write");
  recordUse(motion, { operation: "deleteEmailAccount", path: "/api/x", status: 204 });
  recordUse(motion, { operation: "deleteEmailAccount", path: "/api/x", status: 403 });
  await flushUses(0);
  await actOn(1);
  const rows = (await list()).rows.map(({ action }) => action);
  expect(rows).toEqual(["email_account.delete", "api_key.use"]);
  expect((await list({ action: "api_key.use" })).total.count).toBe(2);
});

test("pages hold whole folds, forwards and backwards", async () => {
  for (let act = 0; act < 60; act += 1) await actOn(1 + (act % 2));
  const first = await list();
  const second = await list({ after: first.next });
  const third = await list({ after: second.next });
  const ids = [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id));
  expect(new Set(ids).size).toBe(60);
  expect(third.next).toBeUndefined();
  expect((await list({ before: second.previous })).rows).toEqual(first.rows);
});
