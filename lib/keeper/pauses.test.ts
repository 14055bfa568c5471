import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { proveCredentialInUse } from "@/lib/registrations/change-credential";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { endPause, orderPause } from "@/lib/registrations/pauses/store";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { claimDue } from "@/lib/sign-ins/tokens/leases/store";
import { renewNow } from "@/lib/sign-ins/tokens/refresh";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { providerForm, signIn, withAccount } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, seedOf, tokenRow } from "@/lib/testing/tokens";
import { Refresher } from "./refresher";

const sandbox = withInstallation();
const ada = administrator();
const account = withAccount(ada, sandbox);

beforeEach(async () => {
  await db().cloudProvider.deleteMany({ where: { id: { not: account.cloudProviderId } } });
  await db().platformPause.deleteMany();
  await signIn(ada, account);
});

/** As many sign-ins of one tenant as one provider has, due now. */
async function seedTenant(count: number): Promise<string> {
  const of = { perProvider: count, ...(await seedOf(account)), dueInMs: -MINUTE_MS };
  await seedAuthorizations(sandbox(), { count, ...of });
  const { id } = await db().cloudProvider.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  const accessTokenExpiresAt = new Date(Date.now() + HOUR_MS);
  const where = { authorization: { cloudProviderId: id } };
  await db().tokenSet.updateMany({ where, data: { accessTokenExpiresAt } });
  return id;
}

const limits = { limit: 20, perTenant: 5, busy: new Map(), clouds: ["sandbox"] };
const connected = () => db().tokenSet.count({ where: { state: "connected" } });
const due = () => db().tokenSet.count({ where: { refreshDueAt: { lte: new Date() } } });
const waitsMs = async () => {
  const [pause] = await db().platformPause.findMany();
  return pause ? pause.until.getTime() - Date.now() : null;
};

/** Simulates the end of the pause that everyone had to wait for. */
async function letPauseEnd(): Promise<void> {
  const past = new Date(Date.now() - SECOND_MS);
  await db().platformPause.updateMany({ data: { until: past } });
  await db().tokenSet.updateMany({ where: { state: "retrying" }, data: { refreshDueAt: past } });
}

describe("what the platform asks to wait for", () => {
  test("is one application in one tenant at one authority, and nothing beside it", async () => {
    const { authority } = sandbox().cloud;
    const { clientId } = sandbox().registration;
    const seed = async (data: object) => {
      const id = await seedTenant(1);
      await db().cloudProvider.update({ where: { id }, data });
      return id;
    };
    await seed({});
    // Under another name the same hosts are the same platform.
    await seed({ hosts: { authority } });
    const others = [
      await seed({ clientId: crypto.randomUUID() }),
      await seed({ hosts: { authority: "https://login.example.test" } }),
    ];
    const tenantId = "of all";
    const where = { cloudProviderId: { not: account.cloudProviderId } };
    await db().authorization.updateMany({ where, data: { tenantId } });
    const order = { sentAt: new Date(), waitMs: MINUTE_MS, reason: "postkey.unexpected" };
    const subject = { authority, tenantId, clientId };
    await db().$transaction((tx) => orderPause(tx, { ...order, subject }));
    const claims = await claimDue("keeper", { ...limits, perTenant: 20 });
    expect(claims.map((claim) => claim.cloudProviderId).sort()).toEqual(others.sort());
  });

  test("is never longer than was asked, and longer than a token lasts only when it is said again", async () => {
    const where = { id: account.cloudProviderId };
    const provider = await db().cloudProvider.findUniqueOrThrow({ where });
    const { clientId, tenantId } = provider;
    const subject = { authority: sandbox().cloud.authority, tenantId, clientId };
    const minutes = (max: number) => fc.integer({ min: 1, max: max * 60 });
    await fc.assert(
      fc.asyncProperty(minutes(60), minutes(90), fc.boolean(), async (waitS, lifeS, isRepeated) => {
        await db().platformPause.deleteMany();
        await letExpire(account.cloudProviderId, lifeS * SECOND_MS);
        const order = (sentAt: Date) =>
          db().$transaction((tx) =>
            orderPause(tx, { subject, sentAt, waitMs: waitS * SECOND_MS, reason: "postkey.x" }),
          );
        const sentAt = new Date(Date.now() - SECOND_MS);
        let waitMs = await order(sentAt);
        // The others of the same moment say the same thing.
        expect(await order(sentAt)).toBeLessThanOrEqual(waitMs + SECOND_MS);
        if (isRepeated) waitMs = await order(new Date(Date.now() + SECOND_MS));
        const lastsMs = Math.max(MINUTE_MS, (lifeS - 120) * SECOND_MS);
        const expectedMs = isRepeated ? waitS * SECOND_MS : Math.min(waitS * SECOND_MS, lastsMs);
        expect(Math.abs(waitMs - expectedMs)).toBeLessThan(2 * SECOND_MS);
      }),
      { numRuns: 8 },
    );
  });
});

describe("after a pause", () => {
  test("one request of all keepers finds out, and then everybody is renewed", async () => {
    await seedTenant(6);
    sandbox().faults.set("throttled", { seconds: 60 });
    await refreshDue("keeper");
    sandbox().faults.clearAll();
    await letPauseEnd();
    sandbox().faults.set("slow", { seconds: 60 });
    const keepers = ["one", "two", "three"].map((name) => new Refresher(name));
    const counts = await Promise.all(keepers.map((each) => each.fill()));
    expect(counts.sort()).toEqual([0, 0, 1]);
    sandbox().faults.clearAll();
    for (const each of keepers) await each.settle(MINUTE_MS);
    expect(await db().platformPause.count()).toBe(0);
    await refreshDue("one");
    await refreshDue("two");
    expect(await connected()).toBe(7);
  });

  test("of many at once each is asked about in its turn, and none waits for a request that is not sent", async () => {
    for (let made = 0; made < 5; made += 1) await seedTenant(2);
    sandbox().faults.set("throttled", { seconds: 60 });
    await refreshDue("keeper");
    const tenants = await db().platformPause.count();
    expect(tenants).toBeGreaterThanOrEqual(5);
    await letPauseEnd();
    const asked = new Set<string>();
    for (let turn = 0; turn < tenants; turn += 1)
      for (const { tenant } of await claimDue("keeper", { ...limits, limit: 1 })) asked.add(tenant);
    expect(asked.size).toBe(tenants);
    expect(await claimDue("keeper", limits)).toHaveLength(0);
  });

  test("a keeper that dies with that request is not waited for", async () => {
    await seedTenant(2);
    sandbox().faults.set("throttled", { seconds: 60 });
    await refreshDue("keeper");
    sandbox().faults.clearAll();
    await letPauseEnd();
    expect(await claimDue("dies", limits)).toHaveLength(1);
    expect(await claimDue("next", limits)).toHaveLength(0);
    await db().platformPause.updateMany({ data: { probedAt: new Date(Date.now() - 61_000) } });
    expect(await claimDue("next", limits)).toHaveLength(1);
  });
});

describe("a pause is over with the first answer that asks for no waiting:", () => {
  const authorizationId = async () => (await tokenRow(account.cloudProviderId)).authorizationId;
  const WAYS: [string, () => Promise<unknown>][] = [
    ["Renew now", async () => renewNow(ada, { authorizationId: await authorizationId() })],
    ["a token that a program needs", () => getAccessToken(ada, account.emailAccountId, "test")],
    ["a sign-in", () => signIn(ada, account)],
    ["the proof of the secret in use", () => proveCredentialInUse(ada, account)],
    ["the proof of a new one", () => createCloudProvider(ada, providerForm(sandbox()))],
    ["an application that connects", connectItsApplication],
    [
      "one who must sign in again",
      async () => {
        sandbox().faults.set("grant_revoked");
        await renewNow(ada, { authorizationId: await authorizationId() });
      },
    ],
  ];
  async function connectItsApplication() {
    const { clientId, clientSecret } = sandbox().serviceRegistration;
    const form = { clientId, clientSecret, grant: "app_only" };
    const { id } = await createCloudProvider(ada, providerForm(sandbox(), form));
    const { authority, tenantId } = await db().platformPause.findFirstOrThrow();
    const subject = `${authority}/${tenantId}/${clientId}`;
    await db().platformPause.updateMany({ data: { clientId, subject } });
    await connectApplication(ada, { cloudProviderId: id });
  }

  test.each(WAYS)("%s", async (_what, answered) => {
    await letExpire(account.cloudProviderId, 4 * MINUTE_MS);
    sandbox().faults.set("throttled", { seconds: 3_600 });
    await refreshDue("keeper");
    expect(await waitsMs()).toBeGreaterThan(50 * SECOND_MS);
    sandbox().faults.clearAll();
    await answered();
    expect(await db().platformPause.count()).toBe(0);
  });

  test("and who was told to wait is due at once", async () => {
    const id = await seedTenant(3);
    sandbox().faults.set("throttled", { seconds: 3_600 });
    await refreshDue("keeper");
    expect(await due()).toBe(0);
    sandbox().faults.clearAll();
    const { clientId } = sandbox().registration;
    await endPause({ authority: sandbox().cloud.authority, tenantId: id, clientId });
    expect(await due()).toBe(3);
  });

  test("but not with the answer to a request that was sent before", async () => {
    await seedTenant(5);
    sandbox().faults.set("throttled", { seconds: 3_600, times: 1 });
    await refreshDue("keeper");
    expect(await connected()).toBe(5);
    expect(await db().platformPause.count()).toBe(1);
  });
});
