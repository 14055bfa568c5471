import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { Refresher } from "@/lib/keeper/refresher";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { report } from "@/lib/testing/long";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { connectedAccount } from "@/lib/testing/sign-in";
import { seedOf } from "@/lib/testing/tokens";
import { watchIncidents } from "@/lib/watch/incidents/watch";

const sandbox = withInstallation();
const COUNT = 10_000;

beforeAll(async () => {
  const seed = await seedOf(await connectedAccount(administrator(), sandbox()));
  const many = { count: COUNT, perProvider: 1, dueInMs: -MINUTE_MS };
  await seedAuthorizations(sandbox(), { ...many, ...seed });
  await db().$executeRaw`
    INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey",
      service, "modernAuthentication", username, "usernameKey", "cloudProviderId")
    SELECT gen_random_uuid(), a.username, a.username, a.id, a.id, a.username, a.username,
      'outlook365', TRUE, a.username, a.username, a."cloudProviderId" FROM "Authorization" a
    WHERE a."displayName" = 'Seeded'`;
}, 10 * MINUTE_MS);

const alerts = (kind: string) => db().alert.findMany({ where: { kind } });
const watch = (now: Date) => watchIncidents({ enqueue: async () => {}, now });
const later = (ms: number) => new Date(Date.now() + ms);

test(
  `an hour without the identity platform is one incident for ${COUNT} sign-ins, and over in minutes`,
  async () => {
    sandbox().faults.set("server_error");
    const refresher = new Refresher("keeper");
    for (const end = Date.now() + 3 * SECOND_MS; Date.now() < end; await refresher.untilFree(100))
      await refresher.fill();
    await refresher.settle(20 * SECOND_MS);
    // A platform that does not answer is asked a few times, not once per person.
    expect(await db().tokenSet.count({ where: { failures: { gt: 0 } } })).toBeLessThanOrEqual(20);

    // An hour passes: every token has expired, and none could be renewed.
    await pool().query(
      `UPDATE "TokenSet" SET "accessTokenExpiresAt" = "accessTokenExpiresAt" - interval '2 hours',
         "refreshDueAt" = "refreshDueAt" - interval '2 hours'`,
    );
    for (let minute = 0; minute <= 60; minute += 5) await watch(later(minute * MINUTE_MS));
    const [incident, ...others] = await db().incident.findMany();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ kind: "platform", cause: "platform:sandbox" });
    expect(incident?.accounts).toBe(COUNT + 1);
    expect(await alerts("incident_opened")).toHaveLength(1);

    sandbox().faults.clearAll();
    const begun = Date.now();
    const before = tokenRequests(sandbox(), "refresh_token");
    for (;;) {
      await refresher.fill();
      await refresher.untilFree(SECOND_MS);
      if ((await expired()) === 0 && (await refresher.settle(0))) break;
      expect(Date.now() - begun).toBeLessThan(5 * MINUTE_MS);
    }
    const seconds = (Date.now() - begun) / SECOND_MS;
    expect(tokenRequests(sandbox(), "refresh_token") - before).toBe(COUNT + 1);
    report("recovery after an outage", { "sign-ins": COUNT, seconds: seconds.toFixed(0) });

    await watch(later(HOUR_MS));
    await watch(later(HOUR_MS + 11 * MINUTE_MS));
    expect(await alerts("incident_resolved")).toHaveLength(1);
    expect(await db().incident.count({ where: { resolvedAt: null } })).toBe(0);
  },
  10 * MINUTE_MS,
);

async function expired(): Promise<number> {
  await sleep(0);
  return db().tokenSet.count({ where: { accessTokenExpiresAt: { lt: new Date() } } });
}
