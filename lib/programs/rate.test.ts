import { expect, test, vi } from "vitest";
import { hashToken } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { keyFor } from "@/lib/testing/api";
import { inAnotherProcess, setReadOnly, withDatabase } from "@/lib/testing/database";
import { takeRequest } from "./rate";
import { findApiKey } from "./store";

withDatabase();

async function limited(requestsPerMinute: number) {
  const key = await keyFor(["tokens:read"], { requestsPerMinute });
  const found = await findApiKey(hashToken(key));
  if (!found) throw new Error("There is no such key.");
  return found;
}

/** How many of so many requests at once are let through. */
async function takeAtOnce(
  key: Awaited<ReturnType<typeof limited>>,
  count: number,
): Promise<number> {
  const taken = await Promise.allSettled(Array.from({ length: count }, () => takeRequest(key)));
  for (const each of taken)
    if (each.status === "rejected")
      expect(each.reason).toMatchObject({ code: "too_many_requests" });
  return taken.filter(({ status }) => status === "fulfilled").length;
}

const elsewhere = <T>(work: () => Promise<T>) => {
  const { databaseUrl } = env();
  return inAnotherProcess({ DATABASE_URL: databaseUrl }, work);
};

test("of more requests in a minute than are allowed so many are let through", async () => {
  for (const limit of [1, 2, 60, 1_000]) {
    const key = await limited(limit);
    expect(await takeAtOnce(key, limit + 20)).toBe(limit);
    expect(await takeAtOnce(key, 5)).toBe(0);
  }
});

test("processes share the minute, and together never let more through", async () => {
  const key = await limited(100);
  const here = await takeAtOnce(key, 30);
  const there = await elsewhere(() => takeAtOnce(key, 200));
  const again = await takeAtOnce(key, 200);
  expect(here).toBe(30);
  expect(here + there + again).toBe(100);
  expect(await elsewhere(() => takeAtOnce(key, 1))).toBe(0);
});

test("a minute that is over gives all of them again", async () => {
  const key = await limited(3);
  expect(await takeAtOnce(key, 4)).toBe(3);
  await db().apiKey.update({ where: { id: key.id }, data: { windowEndsAt: new Date(0) } });
  expect(await elsewhere(() => takeAtOnce(key, 4))).toBe(3);
});

test("requests that come at once are counted by one statement", async () => {
  const key = await limited(6_000);
  const statements = vi.spyOn(pool(), "query");
  expect(await takeAtOnce(key, 3_000)).toBe(3_000);
  expect(statements.mock.calls).toHaveLength(1);
  statements.mockRestore();
});

test("a key that is deleted meanwhile is none", async () => {
  const key = await limited(10);
  await db().apiKey.delete({ where: { id: key.id } });
  await expect(takeRequest(key)).rejects.toMatchObject({ code: "unauthenticated" });
});

test("while the database takes no writes nothing is counted", async () => {
  const key = await limited(20);
  await setReadOnly(pool(), true);
  try {
    expect(await takeAtOnce(key, 30)).toBe(30);
  } finally {
    await setReadOnly(pool(), false);
  }
});
