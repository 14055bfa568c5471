import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { readTestDay } from "./queries";

withDatabase();
const ada = administrator();

async function addTest(emailAccountId: string, agoMs: number, verdict: string) {
  const startedAt = new Date(Date.now() - agoMs);
  const like = { id: randomUUID(), durationMs: 1, startedByName: "Postkey", report: {} };
  await db().connectionTest.create({ data: { ...like, emailAccountId, startedAt, verdict } });
  const testFailureId = verdict === "ok" ? null : "imap.bye";
  const data = { lastTestedAt: startedAt, testFailureId };
  await db().emailAccount.update({ where: { id: emailAccountId }, data });
}

test("a strip has the worst of each of the last 24 hours, of the accounts whose last test failed", async () => {
  await seedProvider({ accounts: 4 });
  const rows = await db().emailAccount.findMany({ orderBy: { nameKey: "asc" } });
  const [first, second, fine] = rows.map(({ id }) => id);
  if (!first || !second || !fine) throw new Error("Accounts are missing.");
  for (const hours of [23.5, 25, 2.5]) await addTest(second, hours * HOUR_MS, "failed");
  await addTest(second, 2.2 * HOUR_MS, "ok");
  await addTest(second, 1.5 * HOUR_MS, "failed");
  await addTest(first, 10 * MINUTE_MS, "failed");
  await addTest(fine, 3 * HOUR_MS, "failed");
  await addTest(fine, 2 * HOUR_MS, "ok");
  const { strips, failing, passing } = await readTestDay(ada);
  expect(strips.map(({ id }) => id)).toEqual([first, second]);
  // The fourth was not tested.
  expect([failing.count, passing.count]).toEqual([2, 1]);
  const hours = strips[1]?.hours ?? [];
  expect(hours).toHaveLength(24);
  expect(hours[0]).toEqual({ passed: 0, failed: 1 });
  expect(hours[21]).toEqual({ passed: 1, failed: 1 });
  expect(hours.filter((hour) => hour !== null)).toHaveLength(3);
  expect(strips[0]?.hours[23]).toEqual({ passed: 0, failed: 1 });
});
