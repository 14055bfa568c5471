import { expect, test } from "vitest";
import { pool } from "@/lib/kernel/db";
import { withDatabase } from "@/lib/testing/database";
import { inTurn } from "./own";
import { Places } from "./places";

withDatabase();
const OF = { application: "22222222-2222-4222-8222-222222222222", service: "outlook365" } as const;

test("an application has four requests at Microsoft Graph at once, over all processes", async () => {
  const other = new Places();
  await other.start();
  let [now, most, done] = [0, 0, 0];
  const request = async () => {
    now += 1;
    most = Math.max(most, now);
    await pool().query("SELECT 1");
    now -= 1;
    done += 1;
  };
  const elsewhere = async () => {
    const wanted = { mailboxId: OF.application, service: OF.service, protocol: "graph" } as const;
    const giveBack = await other.take(wanted);
    await request().finally(giveBack ?? undefined);
  };
  const all = Array.from({ length: 40 }, (_, at) => (at % 2 ? inTurn(OF, request) : elsewhere()));
  await Promise.all(all);
  expect({ most, done }).toEqual({ most: 4, done: 40 });
  await other.stop();
});
