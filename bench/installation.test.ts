import { randomBytes } from "node:crypto";
import { beforeAll, expect, inject, test } from "vitest";
import { findLock } from "@/lib/installation/keys/store";
import { newKey } from "@/lib/kernel/crypto";
import { inAnotherProcess } from "@/lib/testing/database";
import { bundle } from "../scripts/build.mjs";
import { createDatabase, query } from "./installation";
import { seedLists } from "./lists/seed-lists";

beforeAll(() => bundle({ bootstrap: "scripts/bootstrap.ts" }));

test("a database can be filled with made-up secrets and is not locked by them", async () => {
  process.env.POSTKEY_KEY = newKey();
  const server = { url: inject("templateDatabaseUrl") };
  const name = `bench_${randomBytes(4).toString("hex")}`;
  const url = await createDatabase(server, name);
  await seedLists(url, { accounts: 100, providers: 10 });
  await inAnotherProcess({ DATABASE_URL: url, POSTKEY_URL: "http://localhost:3000" }, async () => {
    expect(await findLock()).toBeNull();
  });
  await query(server.url, `DROP DATABASE ${name} WITH (FORCE)`);
}, 60_000);
