import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { plainAccount } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { createDevice } from "@/lib/testing/made";
import {
  limitsOfMailbox,
  type MessageLimits,
  paceOfDevice,
  takeMessage,
  takeRecipients,
} from "./store";

/** How fast a device and a mailbox send, for all gateways together. */
withDatabase();
const ada = administrator();
let emailAccountId: string;
let deviceId: string;

beforeAll(async () => {
  emailAccountId = await plainAccount();
  const device = { name: "Scanner", emailAccountId, protocols: ["smtp" as const] };
  ({ id: deviceId } = await createDevice(ada, device));
});
beforeEach(async () => {
  await db().device.updateMany({ data: { sentAt: [] } });
  await db().mailboxPace.deleteMany();
  await db().mailboxRecipients.deleteMany();
});

const limitsWith = (changes: Partial<MessageLimits>): MessageLimits => ({
  deviceId,
  mailboxId: emailAccountId,
  ofDevice: null,
  ofMailbox: null,
  recipientsPerDay: null,
  holdMs: 30 * SECOND_MS,
  ...changes,
});
const take = (changes: Partial<MessageLimits>) => takeMessage(limitsWith(changes));

describe("a mailbox that may send three messages in twenty seconds", () => {
  const ofMailbox = { most: 3, spanMs: 20 * SECOND_MS };

  test("sends three at once, holds as many as come in time, and refuses the next", async () => {
    const turns = await Promise.all(Array.from({ length: 8 }, () => take({ ofMailbox })));
    const spans = turns.map(({ waitMs }) => Math.round(waitMs / ofMailbox.spanMs));
    expect(spans.sort((a, b) => a - b)).toEqual([0, 0, 0, 1, 1, 1, 2, 2]);
    expect(turns.filter(({ refusal }) => refusal === "pace")).toHaveLength(2);
  });

  test("has three again after that, also when its turns were never used", async () => {
    await take({ ofMailbox });
    await pool().query(
      `UPDATE "MailboxPace" SET "sentAt" = ARRAY[now() - interval '21 s', now() - interval '21 s',
        now() - interval '21 s', now() - interval '15 s']`,
    );
    const turns = [await take({ ofMailbox }), await take({ ofMailbox }), await take({ ofMailbox })];
    expect(turns.slice(0, 2).map(({ waitMs }) => waitMs)).toEqual([0, 0]);
    expect(turns[2]?.waitMs).toBeGreaterThan(0);
    expect(turns[2]?.waitMs).toBeLessThanOrEqual(5 * SECOND_MS);
  });
});

test("a device has a pace of its own beside that of its mailbox, and the slower one counts", async () => {
  const ofDevice = { most: 1, spanMs: 10 * SECOND_MS };
  const ofMailbox = { most: 2, spanMs: 20 * SECOND_MS };
  const turns = [];
  for (let count = 0; count < 4; count += 1) turns.push(await take({ ofDevice, ofMailbox }));
  expect(turns.map(({ waitMs }) => Math.round(waitMs / ofDevice.spanMs))).toEqual([0, 1, 2, 3]);
});

test("what is refused takes nothing of the other's pace", async () => {
  const ofDevice = { most: 1, spanMs: MINUTE_MS };
  const ofMailbox = { most: 2, spanMs: MINUTE_MS };
  await take({ ofDevice, ofMailbox });
  for (let count = 0; count < 3; count += 1)
    expect(await take({ ofDevice, ofMailbox })).toMatchObject({ refusal: "pace" });
  expect(await take({ ofMailbox })).toMatchObject({ waitMs: 0, refusal: null });
});

test("recipients of a day are counted by the hour, with all messages together", async () => {
  const recipientsPerDay = 5;
  await Promise.all([take({ recipientsPerDay }), take({ recipientsPerDay })]);
  const taken = [];
  for (const count of [1, 4, 2, 1])
    taken.push(await takeRecipients(emailAccountId, { count, perDay: recipientsPerDay }));
  expect(taken).toEqual([true, false, true, false]);
  expect(await take({ recipientsPerDay })).toMatchObject({ refusal: "day" });
  const later = (hours: number) =>
    pool().query(`UPDATE "MailboxRecipients" SET hour = hour - $1 * interval '1 hour'`, [hours]);
  await later(24);
  expect(await take({ recipientsPerDay })).toMatchObject({ refusal: "day" });
  await later(1);
  expect(await take({ recipientsPerDay })).toMatchObject({ refusal: null });
  expect(await db().mailboxRecipients.count()).toBe(1);
});

test("what a service allows is what its mailboxes may send, and a fast device sends evenly", () => {
  expect(limitsOfMailbox("outlook365")).toEqual({
    pace: { most: 30, spanMs: 61 * SECOND_MS },
    recipientsPerDay: 10_000,
  });
  expect(limitsOfMailbox("custom")).toEqual({ pace: null, recipientsPerDay: null });
  expect(paceOfDevice(null)).toBeNull();
  expect(paceOfDevice(600)).toEqual({ most: 60, spanMs: 6 * SECOND_MS });
});
