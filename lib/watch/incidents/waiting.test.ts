import { beforeEach, describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { endPause, orderPause } from "@/lib/registrations/pauses/store";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { seedProvider, setTokens } from "@/lib/testing/outage";
import { listIncidents } from "./list/queries";
import { findIncident, listOpenIncidents } from "./queries";
import { watchIncidents } from "./watch";

withDatabase();
const ada = administrator();
const listPast = () => listIncidents(ada, { sort: "started", direction: "desc", view: "over" });
const AUTHORITY = "https://login.microsoftonline.com";
const THROTTLED = "postkey.identity_platform_throttled";
const UNREACHABLE = { state: "retrying", failureId: "postkey.identity_platform_unreachable" };

beforeEach(() => empty("Incident", "Alert", "EmailAccount", "CloudProvider", "PlatformPause"));

const ago = (ms: number) => new Date(Date.now() - ms);
const tokensOf = (cloudProviderId: string, data: object) =>
  db().tokenSet.updateMany({ where: { authorization: { cloudProviderId } }, data });
/** As a keeper that was away that long finds them. */
const letRunOut = (id: string, ms = HOUR_MS) =>
  tokensOf(id, { accessTokenExpiresAt: ago(ms), refreshDueAt: ago(ms + 15 * MINUTE_MS) });

async function look(): Promise<[string, string, number][]> {
  await watchIncidents({ enqueue: async () => {} });
  const open = (await listOpenIncidents(ada)).rows;
  return open
    .filter(({ quietSince }) => quietSince === null)
    .map(({ kind, remedyId, accounts }) => [kind, remedyId, accounts]);
}

describe("tokens that ran out although nobody failed", () => {
  test("are Postkey's own arrears, of all providers together, and blame no platform", async () => {
    for (const [name, accounts] of [["Contoso", 70] as const, ["Fabrikam", 4] as const])
      await letRunOut(await seedProvider({ name, accounts }));
    expect(await look()).toEqual([["overdue", "postkey.renewals_overdue", 74]]);
    const [open] = (await listOpenIncidents(ada)).rows;
    expect(open).toMatchObject({ subject: "Renewal of tokens", cloudProviderId: null });
    expect(open?.title).toContain("Postkey did not renew");
    expect((await findIncident(ada, open?.id ?? ""))?.stoppedAccounts).toHaveLength(74);
  });

  test("are none while they are due since a moment ago, and once the keeper caught up", async () => {
    const id = await seedProvider({ accounts: 3 });
    await tokensOf(id, { accessTokenExpiresAt: ago(SECOND_MS), refreshDueAt: ago(SECOND_MS) });
    expect(await look()).toEqual([]);
    await letRunOut(id);
    await look();
    await tokensOf(id, { accessTokenExpiresAt: ago(-HOUR_MS), refreshDueAt: ago(-HOUR_MS) });
    expect(await look()).toEqual([]);
    expect((await listOpenIncidents(ada)).rows).toEqual([]);
    expect((await listPast()).rows).toMatchObject([{ kind: "overdue", peakAccounts: 3 }]);
  });

  test("are the platform's while it answers nobody, and not because somebody failed before the keeper went away", async () => {
    const asked = await seedProvider();
    await setTokens(asked, UNREACHABLE);
    await letRunOut(await seedProvider({ accounts: 5 }));
    await letRunOut(await seedProvider({ accounts: 2, cloud: "china" }));
    for (const [failedAgoMs, told] of [
      [30 * SECOND_MS, { overdue: 2, platform: 5 }],
      [2 * HOUR_MS, { overdue: 7 }],
    ] as const) {
      await tokensOf(asked, { failedAt: ago(failedAgoMs) });
      expect(Object.fromEntries((await look()).map(([kind, _, count]) => [kind, count]))).toEqual(
        told,
      );
    }
  });
});

describe("a platform that asked to wait", () => {
  async function pauseOf(cloudProviderId: string) {
    const { clientId } = await db().cloudProvider.findUniqueOrThrow({
      where: { id: cloudProviderId },
    });
    const subject = { authority: AUTHORITY, tenantId: "t", clientId };
    const ordered = { subject, sentAt: new Date(), waitMs: HOUR_MS, reason: THROTTLED };
    await db().$transaction((tx) => orderPause(tx, ordered));
    return subject;
  }

  test("is one as soon as a token ran out, with all that wait for it, and nobody else", async () => {
    const id = await seedProvider({ accounts: 3 });
    await pauseOf(id);
    await setTokens(id, { state: "retrying", failureId: THROTTLED });
    expect(await look()).toEqual([]);
    await setTokens(id, null);
    await letRunOut(await seedProvider({ name: "Fabrikam", accounts: 4 }));
    const [told] = await db().tokenSet.findMany({
      where: { authorization: { cloudProviderId: id } },
    });
    await letRunOut(id, SECOND_MS);
    await db().tokenSet.update({
      where: { authorizationId: told?.authorizationId ?? "" },
      data: { state: "retrying", failureId: THROTTLED, failedAt: ago(MINUTE_MS) },
    });
    expect(await look()).toEqual([
      ["overdue", "postkey.renewals_overdue", 4],
      ["pause", "postkey.identity_platform_pause", 3],
    ]);
    const [pause] = (await listOpenIncidents(ada)).rows.filter(({ kind }) => kind === "pause");
    expect(pause).toMatchObject({ subject: "Contoso", cloudProviderId: id });
  });

  test("recovers with the pause", async () => {
    const id = await seedProvider();
    const subject = await pauseOf(id);
    await letRunOut(id, SECOND_MS);
    expect(await look()).toHaveLength(1);
    await endPause(subject);
    await tokensOf(id, { accessTokenExpiresAt: ago(-HOUR_MS), refreshDueAt: ago(-HOUR_MS) });
    expect(await look()).toEqual([]);
    expect((await listOpenIncidents(ada)).rows).toMatchObject([{ kind: "pause", accounts: 0 }]);
  });
});
