import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { plainAccount } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { createDevice } from "./mutations";
import { addTraffic } from "./store";

withDatabase();
const ada = administrator();

test("thousands of sessions that end at once are counted, and keep no login waiting", async () => {
  const emailAccountId = await plainAccount();
  const ids: string[] = [];
  for (const name of ["Scanner", "Copier"]) {
    const { id } = await createDevice(ada, { name, emailAccountId, protocols: ["imap"] });
    ids.push(id);
  }
  const gone = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a12";
  const ended = Array.from({ length: 5_000 }, (_, at) =>
    addTraffic({ id: [...ids, gone][at % 3] ?? gone, messages: at % 3, bytes: 100_000 }),
  );
  await turn();
  expect(pool().waitingCount).toBe(0);
  await Promise.all(ended);
  const counted = await db().device.findMany({
    where: { id: { in: ids } },
    orderBy: { createdAt: "asc" },
    select: { messages: true, bytes: true },
  });
  expect(counted.map(({ messages, bytes }) => [Number(messages), Number(bytes)])).toEqual([
    [0, 166_700_000],
    [1_667, 166_700_000],
  ]);
});
