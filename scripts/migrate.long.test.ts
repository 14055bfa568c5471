import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { expect, test } from "vitest";
import { createDatabase } from "@/lib/testing/database";
import { queryAt } from "@/lib/testing/dump";
import { beginToMigrate, kill } from "@/lib/testing/killed-migrations";
import { migrate, readMigrations } from "./migrate.mjs";

const FOLDER = "prisma/migrations";
const KILLS = 50;
const SHAPE = `SELECT table_name, column_name, data_type FROM information_schema.columns
  WHERE table_schema = 'public' ORDER BY 1, 2`;

test("processes that are killed at any moment of the migrations leave nothing to repair", async () => {
  const database = await createDatabase({ empty: true });
  for (let round = 0; round < KILLS; round += 1) {
    const begin = () => beginToMigrate(database.url, FOLDER);
    const children = await Promise.all([begin(), begin()]);
    await sleep(round * 12);
    await Promise.all(children.map(kill));
  }
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await migrate(client, FOLDER);
  await client.end();
  const finished = await queryAt(
    database.url,
    "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1",
  );
  const names = (await readMigrations(FOLDER)).map(({ name }) => ({ name }));
  expect(finished).toEqual(names);
  const untouched = await createDatabase();
  expect(await queryAt(database.url, SHAPE)).toEqual(await queryAt(untouched.url, SHAPE));
  await untouched.drop();
  await database.drop();
}, 300_000);
