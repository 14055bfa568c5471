import { beforeEach, describe, expect, test } from "vitest";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { toPrometheusText } from "@/lib/kernel/metrics/schema";
import { endPause, orderPause } from "@/lib/registrations/pauses/store";
import { findCloudProvider, listCloudProviders } from "@/lib/registrations/queries";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { readMetrics } from "@/lib/watch/metrics/queries";
import { readHealth } from "./queries";
import { overallStatus } from "./schema";

withDatabase();
const ada = administrator();
const authority = "https://login.microsoftonline.com";
let cloudProviderId: string;
let subject: { authority: string; tenantId: string; clientId: string };

beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "CloudProvider", "EmailAccount", "PlatformPause" CASCADE`;
  await db().keeperHeartbeat.create({ data: { keeperId: crypto.randomUUID() } });
  cloudProviderId = await seedProvider({ accounts: 2 });
  const { clientId } = await provider();
  subject = { authority, tenantId: "t", clientId };
  await seedProvider({ name: "Fabrikam" });
  const reason = "postkey.identity_platform_throttled";
  await db().$transaction((tx) =>
    orderPause(tx, { subject, sentAt: new Date(), waitMs: 10 * MINUTE_MS, reason }),
  );
});

const provider = () => db().cloudProvider.findUniqueOrThrow({ where: { id: cloudProviderId } });
const metrics = async () => toPrometheusText(await readMetrics(program("metrics:read")));
const list = async () => {
  const params = { search: "", sort: "name", direction: "asc" } as const;
  const { rows } = await listCloudProviders(ada, params);
  return rows.map(({ name, pausedUntil }) => [name, pausedUntil !== null]);
};

describe("a wait that the identity platform asked for is seen", () => {
  test("at its provider, in the list and in the metrics, until it is over", async () => {
    expect((await findCloudProvider(ada, cloudProviderId))?.pausedUntil).toBeInstanceOf(Date);
    expect(await list()).toEqual([
      ["Contoso", true],
      ["Fabrikam", false],
    ]);
    expect(await metrics()).toContain(`postkey_platform_pauses{authority="${authority}"} 1`);
    await endPause(subject);
    expect((await findCloudProvider(ada, cloudProviderId))?.pausedUntil).toBeNull();
    expect((await readHealth(ada)).identityPlatforms).toEqual({ status: "ok", pauses: [] });
    expect(await metrics()).not.toMatch(/^postkey_platform_pause/m);
  });

  test("in health, which is degraded once a token ran out", async () => {
    const { identityPlatforms: waiting } = await readHealth(ada);
    expect(waiting).toMatchObject({ status: "waiting", pauses: [{ ...subject, lapsedTokens: 0 }] });
    await db().tokenSet.updateMany({
      where: { authorization: { cloudProviderId } },
      data: { accessTokenExpiresAt: new Date(Date.now() - SECOND_MS) },
    });
    const { identityPlatforms: lapsed, ...health } = await readHealth(ada);
    expect(lapsed).toMatchObject({ status: "lapsed", pauses: [{ ...subject, lapsedTokens: 2 }] });
    const others = { ...health, web: { status: "ok" } } as const;
    expect(overallStatus({ ...others, identityPlatforms: waiting })).toBe("ok");
    expect(overallStatus({ ...others, identityPlatforms: lapsed })).toBe("degraded");
  });
});
