import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { verifyAudit } from "@/lib/audit/verify";
import { db, pool } from "@/lib/kernel/db";
import { program } from "@/lib/testing/actors";
import { setReadOnly, withDatabase } from "@/lib/testing/database";
import { flushUses, recordUse } from "./uses";

withDatabase();
afterEach(() => flushUses(0));

const pathOf = (id: string) => `/api/emailAccounts/${id}/accessToken`;
const getToken = (id: string) => ({ operation: "getAccessToken", path: pathOf(id), status: 200 });
const ids = (length: number) => Array.from({ length }, () => randomUUID());

const detailSchema = z.object({
  operation: z.string().optional(),
  path: z.string().optional(),
  count: z.number(),
  objects: z.record(z.string(), z.number()).optional(),
});

/** What the trail tells of a key, oldest first. */
async function written(actorId: string) {
  const rows = await db().auditEvent.findMany({
    where: { action: "api_key.use", objectId: actorId },
    orderBy: { id: "asc" },
  });
  return rows.map(({ detail }) => detailSchema.parse(detail));
}

const sum = (details: { count: number }[]) => details.reduce((all, { count }) => all + count, 0);

test("many objects are few events, and each is in them with its count", async () => {
  const motion = program("tokens:read");
  const accounts = ids(1_000);
  for (const id of [...accounts, ...accounts]) recordUse(motion, getToken(id));
  await flushUses(0);
  const details = await written(motion.id);
  expect(details).toHaveLength(5);
  expect(details[0]).toMatchObject({
    operation: "getAccessToken",
    path: pathOf("{id}"),
    count: 400,
  });
  const told = Object.assign({}, ...details.map(({ objects }) => objects));
  expect(told).toEqual(Object.fromEntries(accounts.map((id) => [id, 2])));
  expect(await verifyAudit()).toMatchObject({ isIntact: true });
});

test("the first use is written at the next turn, and the rest of its hour as one number", async () => {
  const motion = program("tokens:read");
  const [id = ""] = ids(1);
  const hour = 3_600_000;
  recordUse(motion, getToken(id));
  await flushUses(hour);
  for (let use = 0; use < 7; use += 1) recordUse(motion, getToken(id));
  await flushUses(hour);
  expect(await written(motion.id)).toMatchObject([{ path: pathOf(id), count: 1 }]);
  await flushUses(0);
  expect(await written(motion.id)).toMatchObject([{ count: 1 }, { path: pathOf(id), count: 7 }]);
});

test("uses that come while others are written are neither lost nor told twice", async () => {
  const motion = program("tokens:read");
  const accounts = ids(40);
  for (let round = 0; round < 50; round += 1) {
    for (const id of accounts) recordUse(motion, getToken(id));
    void flushUses(round % 3 === 0 ? 0 : 5);
    await nextTurn();
  }
  await flushUses(0);
  expect(sum(await written(motion.id))).toBe(2_000);
});

test("what cannot be written is kept until it can", async () => {
  const motion = program("tokens:read");
  await setReadOnly(pool(), true);
  for (const id of ids(300)) recordUse(motion, getToken(id));
  await flushUses(0);
  await setReadOnly(pool(), false);
  expect(await written(motion.id)).toEqual([]);
  await flushUses(0);
  expect(sum(await written(motion.id))).toBe(300);
});
