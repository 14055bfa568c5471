import { expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { createAlertChannel } from "./mutations";
import { listDeliveries } from "./queries";

withDatabase();
const ada = administrator();

test("the log of a channel has pages, the newest alert first, and none is left out", async () => {
  const { id: alertChannelId } = await createAlertChannel(ada, {
    name: "Hook",
    enabled: false,
    sendsLinks: false,
    kind: "webhook",
    recipients: [],
    emailAccountId: null,
    smtp: null,
    from: "",
    user: "",
    password: "",
    url: "https://hooks.example.com/postkey",
  });
  for (let index = 0; index < 120; index += 1)
    await db().alert.create({
      data: {
        kind: "test",
        dedupeKey: `test-${index}`,
        subject: `Alert ${index}`,
        text: "",
        payload: {},
        // Three at a time, and the newest neither first nor last.
        createdAt: new Date(Date.UTC(2026, 10, 1) + ((index * 7) % 40) * 60_000),
        deliveries: { create: { alertChannelId } },
      },
    });
  const pages = [await listDeliveries(ada, alertChannelId)];
  for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
    pages.push(await listDeliveries(ada, alertChannelId, { after: next }));
  expect(pages.map(({ rows }) => rows.length)).toEqual([50, 50, 20]);
  const rows = pages.flatMap((page) => page.rows);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(120);
  const times = rows.map(({ createdAt }) => createdAt.getTime());
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  const back = await listDeliveries(ada, alertChannelId, { before: pages[2]?.previous });
  expect(back.rows).toEqual(pages[1]?.rows);
});
