import { beforeEach, expect, test } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import { withDatabase } from "@/lib/testing/database";
import { type ClaimLimits, claimDue } from "./store";

withDatabase();

const USUAL = "https://login.microsoftonline.com";
const OWN = "https://login.contoso.example";
const limits = { limit: 20, perTenant: 5, busy: new Map<string, number>(), clouds: ["global"] };

/** Two tenants of the cloud's platform, and one of a provider that names a platform of its own: two sign-ins each. */
beforeEach(async () => {
  await pool().query(`TRUNCATE "CloudProvider" CASCADE`);
  await pool().query(
    `INSERT INTO "CloudProvider" (id, name, "nameKey", cloud, "clientId", "tenantId", "redirectUri", hosts)
      SELECT gen_random_uuid(), n, n, 'global', 'app', n, 'https://postkey.example.com/',
        CASE n WHEN 'own' THEN jsonb_build_object('authority', $1::text) END
      FROM unnest('{one,two,own}'::text[]) n`,
    [OWN],
  );
  await pool().query(`INSERT INTO "Authorization" (id, "cloudProviderId", username, "displayName",
      "objectId", "tenantId", "homeAccountId", scopes, "signedInByName")
    SELECT gen_random_uuid(), p.id, n, n, n, p."tenantId", n, '{}', 'Seed'
    FROM "CloudProvider" p, generate_series(1, 2) n`);
  await pool().query(`INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "cacheSealed",
      "accessTokenExpiresAt", "refreshDueAt")
    SELECT id, 'x', 'x', now(), now() - interval '1 minute' FROM "Authorization"`);
});

const [ONE, TWO, THIRD] = [`${USUAL}/one`, `${USUAL}/two`, `${OWN}/own`];

async function claimedOf(asked: Pick<ClaimLimits, "without" | "only">): Promise<string[]> {
  return (await claimDue("keeper", { ...limits, ...asked })).map(({ tenant }) => tenant).sort();
}

test.each<[string, Pick<ClaimLimits, "without" | "only">, string[]]>([
  ["all, each with its platform", {}, [THIRD, THIRD, ONE, ONE, TWO, TWO]],
  ["all but one tenant", { without: { tenants: [ONE] } }, [THIRD, THIRD, TWO, TWO]],
  [
    "all but those of a platform",
    { without: { tenants: [], authorities: [USUAL] } },
    [THIRD, THIRD],
  ],
  ["one tenant", { only: { tenant: TWO } }, [TWO, TWO]],
  ["one platform", { only: { authority: OWN } }, [THIRD, THIRD]],
  [
    "one platform but for a tenant of it",
    { only: { authority: USUAL }, without: { tenants: [TWO] } },
    [ONE, ONE],
  ],
])("a claim takes %s", async (_whose, asked, tenants) => {
  expect(await claimedOf(asked)).toEqual(tenants);
});

test("a claim of those that have not failed takes the ones that became due last", async () => {
  await pool().query(`UPDATE "TokenSet" t SET "refreshDueAt" = now() - make_interval(mins => a.username::int),
      state = CASE a.username WHEN '1' THEN 'retrying' ELSE 'connected' END
    FROM "Authorization" a WHERE a.id = t."authorizationId" AND a."tenantId" = 'two'`);
  await pool().query(`INSERT INTO "Authorization" (id, "cloudProviderId", username, "displayName",
      "objectId", "tenantId", "homeAccountId", scopes, "signedInByName")
    SELECT gen_random_uuid(), p.id, n, n, n, p."tenantId", n, '{}', 'Seed'
    FROM "CloudProvider" p, generate_series(3, 9) n WHERE p.name = 'two'`);
  await pool().query(`INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "cacheSealed",
      "accessTokenExpiresAt", "refreshDueAt")
    SELECT id, 'x', 'x', now(), now() - make_interval(mins => username::int) FROM "Authorization"
    WHERE username::int > 2`);
  const asked = { ...limits, limit: 1, only: { tenant: TWO } };
  const takes = async (isOfUnfailed: boolean) => {
    const [claim] = await claimDue("keeper", { ...asked, isOfUnfailed });
    const where = { authorizationId: claim?.authorizationId ?? "" };
    const { authorization } = await db().tokenSet.findUniqueOrThrow({
      where,
      select: { authorization: { select: { username: true } } },
    });
    return authorization.username;
  };
  expect([await takes(false), await takes(true)]).toEqual(["9", "2"]);
});
