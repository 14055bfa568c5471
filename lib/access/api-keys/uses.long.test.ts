import { randomUUID } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { db, pool } from "@/lib/kernel/db";
import { program } from "@/lib/testing/actors";
import { setReadOnly, withDatabase } from "@/lib/testing/database";
import { flushUses, recordUse } from "./uses";

withDatabase();
afterEach(() => flushUses(0));

const getToken = (id: string) => ({
  operation: "getAccessToken",
  path: `/api/emailAccounts/${id}/accessToken`,
  status: 200,
});
const detailSchema = z.object({
  count: z.number(),
  objects: z.record(z.string(), z.number()).optional(),
});

async function written(objectId: string) {
  const where = { action: "api_key.use", objectId };
  const rows = await db().auditEvent.findMany({ where });
  const details = rows.map(({ detail }) => detailSchema.parse(detail));
  return { details, uses: details.reduce((all, { count }) => all + count, 0) };
}

test("of what cannot be written so much is kept, and the rest is summed", async () => {
  const motion = program("tokens:read");
  await setReadOnly(pool(), true);
  for (let use = 0; use < 60_000; use += 1) recordUse(motion, getToken(randomUUID()));
  await flushUses(0);
  await setReadOnly(pool(), false);
  await flushUses(0);
  const { details, uses } = await written(motion.id);
  expect(uses).toBe(60_000);
  const told = details.flatMap(({ objects = {} }) => Object.keys(objects)).length;
  expect(told).toBeGreaterThan(49_000);
  expect(told).toBeLessThanOrEqual(50_000);
});

test("kinds without end become one number for each key", async () => {
  const motion = program("tokens:read");
  for (let kind = 0; kind < 6_000; kind += 1)
    recordUse({ ...motion, address: `2001:db8::${kind.toString(16)}` }, getToken(motion.id));
  await flushUses(0);
  const { details, uses } = await written(motion.id);
  expect([uses, details.length]).toEqual([6_000, 5_001]);
  expect(details.map(({ count }) => count)).toContain(1_000);
});
