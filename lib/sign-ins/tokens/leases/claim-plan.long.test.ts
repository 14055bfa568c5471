import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/kernel/db";
import { authorities } from "@/lib/registrations/pauses/store";
import { withDatabase } from "@/lib/testing/database";
import { claimDue } from "./store";

withDatabase();

const SIGN_INS = 20_000;
const PROVIDERS = 5;
const LIMIT = 20;
/** Candidates are four for each one wanted; the others are rows that earlier claims left leased. */
const MOST_ROWS = 1_000;
const limits = { limit: LIMIT, perTenant: 5, busy: new Map<string, number>(), clouds: ["global"] };

beforeAll(async () => {
  for (const table of ["CloudProvider", "Authorization", "TokenSet", "PlatformPause"])
    await pool().query(`ALTER TABLE "${table}" SET (autovacuum_enabled = false)`);
});

/** Sign-ins of five tenants, due or not for an hour to come. */
async function seed(due: "due" | "not due"): Promise<void> {
  await pool().query(`INSERT INTO "CloudProvider"
      (id, name, "nameKey", cloud, "clientId", "tenantId", "redirectUri")
    SELECT gen_random_uuid(), n, n, 'global', n, n, 'https://postkey.example.com/'
    FROM generate_series(1, ${PROVIDERS}) n`);
  await pool().query(`INSERT INTO "Authorization" (id, "cloudProviderId", username, "displayName",
      "objectId", "tenantId", "homeAccountId", scopes, "signedInByName")
    SELECT gen_random_uuid(), p.id, n, n, n, p."tenantId", n, '{}', 'Seed'
    FROM "CloudProvider" p, generate_series(1, ${SIGN_INS / PROVIDERS}) n`);
  await pool().query(`INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "cacheSealed",
      "accessTokenExpiresAt", "refreshDueAt")
    SELECT id, 'x', 'x', now(), now() + random() * interval '59 min' ${due === "due" ? "- interval '1 hour'" : "+ interval '1 min'"}
    FROM "Authorization"`);
}

const analyse = () => pool().query("ANALYZE");
const letAllBeDue = () =>
  pool().query(`UPDATE "TokenSet" SET "refreshDueAt" = "refreshDueAt" - interval '2 hours'`);

/** How many rows the busiest step of the next claim looks at: the statement as the claims prepared it. */
async function rowsOfNextClaim(): Promise<number> {
  const { rows: said } = await pool().query<{ "QUERY PLAN": string }>(`EXPLAIN ANALYZE
    EXECUTE "claim-due" ('plan', ${LIMIT}, '{global}', '{}', '{}', '{}', 5, '${authorities()}', '{}', NULL, NULL)`);
  const plan = said.map((row) => row["QUERY PLAN"]).join("\n");
  const steps = plan.split("->").map((step) => {
    const [, rows = 0, loops = 0] = /rows=([\d.]+) loops=(\d+)/.exec(step) ?? [];
    const [, removed = 0] = /Rows Removed by Filter: (\d+)/.exec(step) ?? [];
    return (Number(rows) + Number(removed)) * Number(loops);
  });
  const busiest = Math.max(...steps);
  expect(busiest).toBeGreaterThanOrEqual(LIMIT);
  return busiest;
}

test.each<[string, () => Promise<unknown>]>([
  ["that were never analysed", () => seed("due")],
  [
    "that were analysed when nothing was due",
    () => seed("not due").then(analyse).then(letAllBeDue),
  ],
])("a claim reads few rows of tables %s", async (_what, prepare) => {
  await pool().query(`TRUNCATE "CloudProvider" CASCADE`);
  await prepare();
  // PostgreSQL plans the first five for their values, and may keep a plan for all values afterwards.
  for (let claims = 0; claims < 7; claims += 1) {
    expect(await claimDue("keeper", limits)).toHaveLength(LIMIT);
    expect(await rowsOfNextClaim()).toBeLessThan(MOST_ROWS);
  }
});
