import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { listTestStrips } from "./queries";

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

test("a strip has the worst of each of the last 24 hours, and what fails is first", async () => {
  await seedProvider({ accounts: 3 });
  const rows = await db().emailAccount.findMany({ orderBy: { nameKey: "asc" } });
  const [fine, failing] = rows.map(({ id }) => id);
  if (!fine || !failing) throw new Error("Accounts are missing.");
  await addTest(fine, 23.5 * HOUR_MS, "failed");
  await addTest(fine, 25 * HOUR_MS, "failed");
  await addTest(fine, 2.5 * HOUR_MS, "failed");
  await addTest(fine, 2.2 * HOUR_MS, "ok");
  await addTest(failing, 10 * MINUTE_MS, "failed");
  const { strips, accounts } = await listTestStrips(ada);
  expect(accounts).toBe(2);
  expect(strips.map(({ id }) => id)).toEqual([failing, fine]);
  const hours = strips[1]?.hours ?? [];
  expect(hours).toHaveLength(24);
  expect(hours[0]).toEqual({ passed: 0, failed: 1 });
  expect(hours[21]).toEqual({ passed: 1, failed: 1 });
  expect(hours.filter((hour) => hour !== null)).toHaveLength(2);
  expect(strips[0]?.hours[23]).toEqual({ passed: 0, failed: 1 });
});

test("strips are for those who may read accounts", async () => {
  await expect(listTestStrips(program("tokens:read"))).rejects.toMatchObject({
    code: "access_denied",
  });
});
