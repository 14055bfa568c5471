import { beforeEach, describe, expect, test } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { REMIND_DAYS, reminderKey, remindOfSecrets } from "./secret-reminders";

withDatabase();

const END = Date.parse("2027-03-01T00:00:00Z");
const remindAt = (daysLeft: number) =>
  db().$transaction((tx) => remindOfSecrets(tx, new Date(END - daysLeft * DAY_MS), async () => {}));

beforeEach(() => db().$executeRaw`TRUNCATE "Alert", "EmailAccount", "CloudProvider" CASCADE`);

describe("a reminder", () => {
  test("comes once on each of the days, and daily afterwards", async () => {
    await seedProvider({ secretExpiresAt: new Date(END) });
    const days = [61, 60, 59, 30, 14, 7, 3, 1, 0, -1, -2];
    for (const left of days) for (const _twice of [1, 2]) await remindAt(left);
    const alerts = await db().alert.findMany({ orderBy: { createdAt: "asc" } });
    const keys = alerts.map(({ dedupeKey }) => dedupeKey.split(":").slice(2).join(":"));
    expect(keys).toEqual([...REMIND_DAYS.map(String), "over:1", "over:2"]);
  });

  test("names the accounts that stop, and the next step", async () => {
    await seedProvider({ accounts: 25, secretExpiresAt: new Date(END) });
    await remindAt(7);
    const [alert] = await db().alert.findMany();
    expect(alert?.subject).toBe("Contoso: the client secret expires in 7 days");
    expect(alert?.text).toMatch(/25 accounts stop with it: Mailbox 1, Mailbox 2, .* and 5 more/);
    expect(alert?.text).toMatch(/\/settings\/cloud-providers\/[\w-]+\?open=secret$/);
  });

  test("of a secret of Google's does not say that it ends", async () => {
    const id = await seedProvider({ secretExpiresAt: new Date(END) });
    await db().cloudProvider.update({ where: { id }, data: { service: "google" } });
    await remindAt(7);
    const [alert] = await db().alert.findMany();
    expect(`${alert?.subject} ${alert?.text}`).not.toMatch(/expire|stop/);
  });

  test("of a secret that Postkey renews by itself comes when that fails, or is late", async () => {
    const id = await seedProvider({ secretExpiresAt: new Date(END) });
    const where = { id };
    await db().cloudProvider.update({ where, data: { autoRotate: true } });
    for (const left of [60, 30, 21]) await remindAt(left);
    expect(await db().alert.count()).toBe(0);
    const failed = { rotationFailureId: "graph.permission_missing" };
    await db().cloudProvider.update({ where, data: failed });
    await remindAt(29);
    expect(await db().alert.count()).toBe(1);
    await db().cloudProvider.update({ where, data: { rotationFailureId: null } });
    await remindAt(14);
    expect(await db().alert.count()).toBe(2);
  });

  test("is only of the credential in use", async () => {
    await seedProvider({ secretExpiresAt: new Date(END) });
    await db().clientCredential.updateMany({ data: { supersededAt: new Date() } });
    await remindAt(7);
    expect(await db().alert.count()).toBe(0);
  });

  test("is that of the day that was passed last", () => {
    const secret = { clientCredentialId: "x", expiresAt: new Date(END) };
    const keyOf = (left: number) => reminderKey(secret, new Date(END - left * DAY_MS));
    const keys = [61, 59.5, 10, 0.5, 0, -0.9, -1, -9.5].map(keyOf);
    const days = [null, "60", "14", "1", null, null, "over:1", "over:9"];
    expect(keys).toEqual(days.map((day) => day && `secret_expiry:x:${day}`));
  });
});
