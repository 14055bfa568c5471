import { beforeEach, expect, test } from "vitest";
import { pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { readWarnings } from "./queries";

withDatabase();
const ada = administrator();

beforeEach(() => empty("Incident", "AlertChannel", "KeeperHeartbeat", "Event", "EmailAccount"));

type Stands = { accounts: number; announced?: boolean; quiet?: boolean; over?: boolean };

async function addIncident(subject: string, stands: Stands): Promise<void> {
  const { accounts, announced = true, quiet = false, over = false } = stands;
  await pool().query(
    `INSERT INTO "Incident" (id, cause, kind, "remedyId", subject, accounts, "peakAccounts", "announcedAt",
       "quietSince", "resolvedAt")
     SELECT gen_random_uuid(), $1, 'mail', 'imap.bye', $1, $2, $2, CASE WHEN $3 THEN now() END,
       CASE WHEN $4 THEN now() END, CASE WHEN $5 THEN now() END`,
    [subject, accounts, announced, quiet, over],
  );
}

test("where all is well nothing is told but that no keeper gives signs of life", async () => {
  const nothing = { isGatewayMissing: false, lastEventId: null, openIncidents: 0, worst: null };
  const quiet = { ...nothing, moreIncidents: 0, failingChannels: [] };
  expect(await readWarnings(ada)).toEqual({ ...quiet, isKept: false });
  await pool().query(`INSERT INTO "Event" (type, payload) VALUES ('test_run', '{}')`);
  const { rows } = await pool().query(`SELECT max(id)::text AS id FROM "Event"`);
  expect((await readWarnings(ada)).lastEventId).toBe(rows[0]?.id);
  await pool().query(`INSERT INTO "KeeperHeartbeat" ("keeperId") VALUES ('one')`);
  expect((await readWarnings(ada)).isKept).toBe(true);
  await pool().query(`UPDATE "KeeperHeartbeat" SET "beatAt" = now() - interval '1 minute'`);
  expect((await readWarnings(ada)).isKept).toBe(false);
});

test("of the announced incidents the widest is told, and how many more are open, as the menu counts", async () => {
  await addIncident("narrow", { accounts: 2 });
  await addIncident("wide", { accounts: 30 });
  await addIncident("recovering", { accounts: 70, quiet: true });
  await addIncident("too new", { accounts: 50, announced: false });
  await addIncident("over", { accounts: 90, over: true });
  const { worst, moreIncidents, openIncidents } = await readWarnings(ada);
  expect(worst).toMatchObject({ subject: "wide", accounts: 30, kind: "mail" });
  expect(worst?.openedAt).toBeInstanceOf(Date);
  expect({ moreIncidents, openIncidents }).toEqual({ moreIncidents: 2, openIncidents: 3 });
});
