import { beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { seedProvider, setTokens } from "@/lib/testing/outage";
import { listCloudProviders, shownProviderState } from "../queries";
import { SHOWN_PROVIDER_STATES } from "../schema";

withDatabase();
const ada = administrator();
const day = (days: number) => new Date(Date.now() + days * 86_400_000);

let ids: Record<"well" | "away" | "expired" | "expiring" | "unused", string>;

beforeEach(async () => {
  await empty("EmailAccount", "CloudProvider");
  ids = {
    well: await seedProvider({ accounts: 3, name: "Well" }),
    away: await seedProvider({ accounts: 2, name: "Away", cloud: "china" }),
    expired: await seedProvider({ name: "Expired", secretExpiresAt: day(-1) }),
    expiring: await seedProvider({ name: "Expiring", secretExpiresAt: day(20) }),
    unused: await seedProvider({ accounts: 0, name: "Unused" }),
  };
  await setTokens(ids.away, { state: "sign_in_again", failureId: "AADSTS50173" });
});

const list = async (asked: Parameters<typeof listCloudProviders>[1]): Promise<string[]> =>
  (await listCloudProviders(ada, asked)).rows.map(({ name }) => name);

describe("the list of providers is narrowed to", () => {
  test.each<[string, Parameters<typeof listCloudProviders>[1], string[]]>([
    ["what needs attention", { view: "attention" }, ["Away"]],
    ["those that no one is signed in at", { view: "not_signed_in" }, ["Unused"]],
    ["secrets that expire within 30 days", { view: "expiring" }, ["Expiring"]],
    ["secrets that expired", { view: "expired" }, ["Expired"]],
    ["those without accounts", { view: "unused" }, ["Unused"]],
    ["a state", { state: "sign_in_again" }, ["Away"]],
    ["a cloud", { cloud: "china" }, ["Away"]],
  ])("%s", async (_what, filters, names) => {
    expect(await list(filters)).toEqual(names);
  });

  test("what a search finds by name, client ID or who is signed in", async () => {
    const { clientId } = await db().cloudProvider.findUniqueOrThrow({ where: { id: ids.well } });
    expect(await list({ search: clientId.toUpperCase() })).toEqual(["Well"]);
    expect(await list({ search: "m3@contoso" })).toEqual(["Well"]);
    expect(await list({ search: "expir" })).toEqual(["Expired", "Expiring"]);
  });
});

const POLICY = "AADSTS53003";
const SIGN_IN_HELPS = "AADSTS50173";
const NO_SIGN_IN_HELPS = "AADSTS50057";

test("a provider is found by what its badge says, whatever refused its sign-ins", async () => {
  const signIns: [string, (string | null)[]][] = [
    ["sign_in_again", [POLICY]],
    ["sign_in_again", [SIGN_IN_HELPS]],
    ["sign_in_again", [NO_SIGN_IN_HELPS]],
    ["sign_in_again", ["AADSTS999999"]],
    ["sign_in_again", [null]],
    ["sign_in_again", [POLICY, SIGN_IN_HELPS]],
    ["sign_in_again", [POLICY, NO_SIGN_IN_HELPS]],
    ["fix_registration", ["postkey.workload_policy"]],
    ["fix_registration", ["AADSTS7000222"]],
    ["locked", ["postkey.locked"]],
    ["retrying", [POLICY]],
  ];
  for (const [state, failures] of signIns) {
    const accounts = failures.length;
    const id = await seedProvider({ accounts, name: `${state} ${failures.join()}` });
    const tokens = await db().tokenSet.findMany({
      where: { authorization: { cloudProviderId: id } },
    });
    for (const [nth, { authorizationId }] of tokens.entries())
      await db().tokenSet.update({
        where: { authorizationId },
        data: { state, failureId: failures[nth] ?? null },
      });
  }
  const failureId = "postkey.workload_policy";
  await db().cloudProvider.update({ where: { id: ids.expired }, data: { failureId } });
  const { rows } = await listCloudProviders(ada);
  expect(new Set(rows.map(shownProviderState))).toEqual(new Set(SHOWN_PROVIDER_STATES));
  for (const shownState of SHOWN_PROVIDER_STATES)
    expect([shownState, await list({ shownState })]).toEqual([
      shownState,
      rows.filter((row) => shownProviderState(row) === shownState).map(({ name }) => name),
    ]);
});

test("each view says how many it shows", async () => {
  for (const filters of [{}, { service: "google" }, { shownState: "sign_in_again" }] as const)
    for (const { view, count } of await listCloudProviders.counts(ada, filters))
      expect([view, (await list({ ...filters, view })).length]).toEqual([view, count]);
});

test("a provider stands as the worst of its sign-ins", async () => {
  const order = ["connected", "retrying", "sign_in_again", "fix_registration", "locked"];
  const sign = (objectId: string, state = "") =>
    db().tokenSet.updateMany({
      where: { authorization: { cloudProviderId: ids.well, objectId } },
      data: { state },
    });
  for (const [nth, worse] of order.entries()) {
    await sign("1", worse);
    await sign("2", order[nth - 1]);
    const { rows } = await listCloudProviders(ada, { search: "Well" });
    expect(rows[0]?.state).toBe(worse);
  }
});

describe("the summary of a provider is what its parts say", () => {
  const isRight = async () => {
    const { rows } = await pool().query(`SELECT * FROM "CloudProviderSummary" FULL JOIN
      cloud_provider_summaries(ARRAY(SELECT id FROM "CloudProvider")) s USING ("cloudProviderId")
      WHERE ("CloudProviderSummary".*)::text IS DISTINCT FROM (s.*)::text`);
    expect(rows).toEqual([]);
    expect((await pool().query(`SELECT * FROM "CloudProviderTouch"`)).rows).toEqual([]);
  };
  const at = (id: string) => ({ where: { cloudProviderId: id } });
  const provider = (data: object) => db().cloudProvider.update({ where: { id: ids.well }, data });

  test("after accounts, sign-ins, tokens, secrets and providers changed", async () => {
    const changes: (() => Promise<unknown>)[] = [
      () => seedProvider({ accounts: 5, name: "New" }),
      () => db().cloudProvider.delete({ where: { id: ids.unused } }),
      () => db().emailAccount.updateMany({ ...at(ids.well), data: { cloudProviderId: ids.away } }),
      () => db().authorization.deleteMany(at(ids.away)),
      () => setTokens(ids.well, { state: "locked", failureId: "AADSTS50053" }),
      () => db().clientCredential.updateMany({ data: { expiresAt: day(300) } }),
      () => provider({ failureId: "AADSTS7000215", nameKey: "other" }),
    ];
    for (const change of changes) {
      await isRight();
      await change();
    }
    await isRight();
  });

  test("while many change the same providers at once", async () => {
    const move = (from: string, to: string) =>
      db().emailAccount.updateMany({ ...at(from), data: { cloudProviderId: to } });
    for (let round = 0; round < 3; round += 1)
      await Promise.all([
        move(ids.well, ids.away),
        setTokens(ids.away, { state: "retrying", failureId: "network.timeout" }),
        setTokens(ids.well, null),
        seedProvider({ accounts: 3, name: `Other ${round}` }),
        setTokens(ids.away, null),
      ]);
    await isRight();
  });
});
