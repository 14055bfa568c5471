import { beforeEach, describe, expect, test } from "vitest";
import { startDueTests } from "@/lib/checks/runs/scheduled/store";
import { readOnboarding } from "@/lib/email-accounts/filters/queries";
import { letNewSettingsBeTested } from "@/lib/email-accounts/test-schedule/store";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { seedProvider, setTests, setTokens } from "@/lib/testing/outage";
import { readWarnings } from "../warnings/queries";
import { listIncidents, listWorstIncidents } from "./list/queries";
import { endSilence, silenceIncident } from "./mutations";
import { findIncident, listOpenIncidents } from "./queries";
import { testIncident } from "./repair";
import { watchIncidents } from "./watch";

withDatabase();
const ada = administrator();
const listPast = () => listIncidents(ada, { sort: "started", direction: "desc", view: "over" });

const T0 = Date.parse("2026-11-25T00:00:00Z");
const REVOKED = { state: "sign_in_again", failureId: "AADSTS50173" };
const UNREACHABLE = { state: "retrying", failureId: "postkey.identity_platform_unreachable" };
/** The same once the last token has run out. */
const stopped = async (cloudProviderId: string) => {
  await setTokens(cloudProviderId, UNREACHABLE);
  const where = { authorization: { cloudProviderId } };
  await db().tokenSet.updateMany({ where, data: { accessTokenExpiresAt: new Date(0) } });
};

let queued: string[];

beforeEach(async () => {
  queued = [];
  await empty("Incident", "Alert", "AlertChannel", "EmailAccount", "CloudProvider");
  await db().installation.update({ where: { id: 1 }, data: { digestAt: null } });
  const data = { kind: "webhook", name: "Ops", nameKey: "ops", createdByName: "Ada" };
  await db().alertChannel.create({ data: { ...data, target: {} } });
});

/** One look at the rows, so many minutes after midnight. */
const watchAt = (minutes: number) =>
  watchIncidents({
    now: new Date(T0 + minutes * MINUTE_MS),
    enqueue: async (_tx, deliveries) => void queued.push(...deliveries.map(({ id }) => id)),
  });

async function told(): Promise<string[]> {
  const alerts = await db().alert.findMany({ orderBy: { createdAt: "asc" } });
  return alerts.map(({ kind }) => kind);
}

describe("one cause is one incident", () => {
  test("all failing accounts of a registration are one incident, one alert and one digest", async () => {
    const id = await seedProvider({ accounts: 1_005 });
    await db().cloudProvider.update({ where: { id }, data: { failureId: "AADSTS7000222" } });
    await setTokens(id, { state: "fix_registration", failureId: "AADSTS7000222" });
    for (const minutes of [0, 5, 10, 15, 39, 40, 41, 300]) await watchAt(minutes);
    const open = (await listOpenIncidents(ada)).rows;
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({ kind: "registration", accounts: 1_005, peakAccounts: 1_005 });
    expect(open[0]?.accountNames).toEqual([1, 2, 3, 4, 5].map((n) => `Mailbox ${n}`));
    expect(await told()).toEqual(["incident_opened", "digest"]);
    expect(queued).toHaveLength(2);
    const [alert] = await db().alert.findMany({ where: { kind: "incident_opened" } });
    expect(alert?.text).toContain("1,005 accounts (Mailbox 1, Mailbox 2");
    expect(alert?.text).toContain("and 1,000 more");
    expect(alert?.text).toContain("Next step: Create a new secret in the registration");
    expect(alert?.text).toContain(`http://localhost:3000/incidents/${open[0]?.id}`);
  });

  test("an outage of a cloud is one, whatever the number of providers", async () => {
    for (const name of ["Contoso", "Fabrikam"]) await stopped(await seedProvider({ name }));
    await stopped(await seedProvider({ cloud: "china" }));
    // While their last tokens work, nothing stops.
    await setTokens(await seedProvider({ name: "Waits", accounts: 9 }), UNREACHABLE);
    await watchAt(0);
    expect(
      (await listOpenIncidents(ada)).rows.map(({ kind, accounts }) => [kind, accounts]),
    ).toEqual([
      ["platform", 2],
      ["platform", 1],
    ]);
  });

  test.each([
    ["sign_in", REVOKED],
    ["locked", { state: "locked", failureId: "postkey.locked" }],
    ["registration", { state: "fix_registration", failureId: "AADSTS700016" }],
    [null, { state: "retrying", failureId: "AADSTS7000222" }],
  ])("is told by its kind: %s", async (kind, failure) => {
    await setTokens(await seedProvider({ accounts: 3 }), failure);
    await watchAt(0);
    const person = expect.objectContaining({ label: "Sign in as m1@contoso.test" });
    const buttons = expect.arrayContaining(kind === "sign_in" ? [person] : []);
    const told = { kind, accounts: 3, remedyId: failure.failureId, buttons };
    expect((await listOpenIncidents(ada)).rows).toMatchObject(kind ? [told] : []);
  });

  test("two reasons to sign in again are two, and a failing mail server is another", async () => {
    const id = await seedProvider({ accounts: 2 });
    await setTokens(id, REVOKED);
    const [first] = await db().tokenSet.findMany({ take: 1 });
    const where = { authorizationId: first?.authorizationId ?? "" };
    await db().tokenSet.update({ where, data: { failureId: "AADSTS50076" } });
    await setTests(await seedProvider({ accounts: 4 }), "imap.authenticate_failed");
    await watchAt(0);
    const kinds = (await listOpenIncidents(ada)).rows.map(({ kind, accounts }) => kind + accounts);
    expect(kinds.sort()).toEqual(["mail4", "sign_in1", "sign_in1"]);
  });

  test("who never signed in waits on the Overview, and is an incident after the deadline only", async () => {
    const id = await seedProvider({ accounts: 4 });
    await db().authorization.deleteMany({ where: { cloudProviderId: id } });
    const open = async () => {
      await watchAt(0);
      return (await listOpenIncidents(ada)).rows.map(({ accounts }) => accounts);
    };
    expect(await open()).toEqual([]);
    expect(await readOnboarding(ada)).toEqual({ accounts: 4, waiting: 4, owners: 4, linked: 0 });
    await db().installation.update({ where: { id: 1 }, data: { unsignedDays: 3 } });
    expect(await open()).toEqual([]);
    const [first] = await db().emailAccount.findMany({ take: 1 });
    const created = { createdAt: new Date(Date.now() - 4 * DAY_MS) };
    await db().emailAccount.update({ where: { id: first?.id ?? "" }, data: created });
    expect(await open()).toEqual([1]);
    await db().cloudProvider.update({ where: { id }, data: { failureId: "AADSTS7000222" } });
    expect((await open()).sort()).toEqual([0, 1]);
    await db().installation.update({ where: { id: 1 }, data: { unsignedDays: null } });
  });

  test("a silenced one alerts no one and shows no banner, until the silence ends", async () => {
    const id = await seedProvider({ accounts: 4 });
    await setTests(id, "imap.authenticate_failed");
    await watchAt(0);
    const [open] = (await listOpenIncidents(ada)).rows;
    const incidentId = open?.id ?? "";
    await silenceIncident(ada, { incidentId, hours: 8 });
    for (const minutes of [11, 60]) await watchAt(minutes);
    expect(await told()).toEqual([]);
    expect((await readWarnings(ada)).openIncidents).toBe(0);
    expect((await listWorstIncidents(ada)).rows).toMatchObject([{ id: incidentId }]);
    expect((await listOpenIncidents(ada)).rows).toMatchObject([{ silencedByName: ada.name }]);
    await endSilence(ada, { incidentId });
    await watchAt(61);
    expect(await told()).toEqual(["incident_opened"]);
    expect((await readWarnings(ada)).worst?.id).toBe(incidentId);
    await expect(endSilence(ada, { incidentId })).rejects.toMatchObject({ code: "not_found" });
    await silenceIncident(ada, { incidentId, hours: 1 });
    const silencedUntil = new Date(Date.now() - MINUTE_MS);
    await db().incident.update({ where: { id: incidentId }, data: { silencedUntil } });
    await watchAt(63);
    expect(await told()).toEqual(["incident_opened", "incident_opened"]);
    await silenceIncident(ada, { incidentId, hours: null });
    await setTests(id, null);
    for (const minutes of [64, 75]) await watchAt(minutes);
    expect((await listPast()).rows).toHaveLength(1);
    expect(await told()).toEqual(["incident_opened", "incident_opened"]);
  });

  test("an edit of the only account that it stops resolves nothing, the test after it does", async () => {
    const id = await seedProvider({ accounts: 1 });
    await setTests(id, "imap.no_full_access");
    await watchAt(0);
    const standing = async () =>
      (await listOpenIncidents(ada)).rows.map(({ accounts, quietSince }) => [accounts, quietSince]);
    const account = await db().emailAccount.findFirstOrThrow({ where: { cloudProviderId: id } });
    await db().$transaction((tx) => letNewSettingsBeTested(tx, [account.id]));
    await watchAt(1);
    expect(await standing()).toEqual([[1, null]]);
    expect(await startDueTests()).toBe(1);
    await watchAt(20);
    expect(await standing()).toEqual([[1, null]]);
    await setTests(id, null);
    await watchAt(21);
    expect(await standing()).toEqual([[0, new Date(T0 + 21 * MINUTE_MS)]]);
  });

  test("a failed test whose sign-in fails is told by the sign-in alone, unless it was told before", async () => {
    const id = await seedProvider({ accounts: 4 });
    await setTests(id, "smtp.auth_unsuccessful");
    await setTokens(id, REVOKED);
    await watchAt(0);
    const open = async () => (await listOpenIncidents(ada)).rows.filter((row) => !row.quietSince);
    expect(await open()).toMatchObject([{ kind: "sign_in" }]);
    for (const failing of [null, REVOKED, null]) {
      await setTokens(id, failing);
      await watchAt(1);
      expect((await open()).map(({ kind }) => kind)).toContain("mail");
    }
    await setTests(id, null);
    await watchAt(2);
    expect(await open()).toEqual([]);
  });

  test("a secret or certificate that is over and refused is one, and what Google replaces by a day is none", async () => {
    const provider = async (name: string, data: object) => {
      const id = await seedProvider({ name, secretExpiresAt: new Date(T0 - DAY_MS) });
      await db().cloudProvider.update({ where: { id }, data });
      return id;
    };
    const refused = { failureId: "AADSTS7000222" };
    const seen = await provider("Seen", {});
    await db().clientCredential.updateMany({ data: { kind: "certificate" } });
    await provider("Gmail", { service: "google" });
    await watchAt(0);
    await db().cloudProvider.update({ where: { id: seen }, data: refused });
    await provider("Refused", refused);
    for (const minutes of [1, 2, 30]) await watchAt(minutes);
    const open = (await listOpenIncidents(ada)).rows;
    expect(open.map(({ kind, subject, remedyId }) => [kind, subject, remedyId]).sort()).toEqual([
      ["registration", "Refused", "AADSTS7000222"],
      ["secret_expired", "Seen", "postkey.certificate_expired"],
    ]);
    expect(open.every(({ quietSince }) => quietSince === null)).toBe(true);
  });

  test("a secret that was not renewed is told with its end, and stops nothing yet", async () => {
    const secretExpiresAt = new Date(T0 + 20 * DAY_MS);
    const id = await seedProvider({ accounts: 3, secretExpiresAt });
    const data = { rotationFailureId: "graph.permission_missing" };
    await db().cloudProvider.update({ where: { id }, data });
    for (const minutes of [0, 10]) await watchAt(minutes);
    const open = (await listOpenIncidents(ada)).rows;
    expect(open).toMatchObject([{ kind: "rotation", accounts: 0, cloudProviderId: id }]);
    const [alert] = await db().alert.findMany({ where: { kind: "incident_opened" } });
    expect(alert?.subject).toMatch(/^Contoso, whose secret ends on 2026-12-15: .* not renewed\. /);
  });

  test("what only inactive accounts use opens none", async () => {
    await setTokens(await seedProvider({ accounts: 2 }), REVOKED);
    await db().emailAccount.updateMany({ data: { active: false } });
    await watchAt(0);
    expect((await listOpenIncidents(ada)).rows).toEqual([]);
  });
});

describe("over time", () => {
  test("a blip under ten minutes is seen in the console and announced to nobody", async () => {
    const id = await seedProvider();
    await stopped(id);
    for (const minutes of [0, 9]) await watchAt(minutes);
    expect((await listOpenIncidents(ada)).rows).toHaveLength(1);
    await setTokens(id, null);
    for (const minutes of [9.5, 12, 19.5, 60]) await watchAt(minutes);
    expect((await listOpenIncidents(ada)).rows).toEqual([]);
    expect((await listPast()).rows).toHaveLength(1);
    expect(await told()).toEqual([]);
  });

  test("what flaps every 30 seconds is announced once, and is one incident", async () => {
    const id = await seedProvider();
    for (let flap = 0; flap < 30; flap += 1) {
      await (flap % 2 === 0 ? stopped(id) : setTokens(id, null));
      await watchAt((flap * 30 * SECOND_MS) / MINUTE_MS);
    }
    expect(await db().incident.count()).toBe(1);
    expect(await told()).toEqual(["incident_opened"]);
  });

  test("recovery is announced once, after ten quiet minutes", async () => {
    const id = await seedProvider();
    await setTokens(id, REVOKED);
    for (const minutes of [0, 10]) await watchAt(minutes);
    await setTokens(id, null);
    for (const minutes of [11, 20.9]) await watchAt(minutes);
    expect(await told()).toEqual(["incident_opened"]);
    for (const minutes of [21, 22, 60, 2_000]) await watchAt(minutes);
    expect(await told()).toEqual(["incident_opened", "incident_resolved"]);
    const [past] = (await listPast()).rows;
    expect(past).toMatchObject({ accounts: 0, peakAccounts: 1 });
  });

  test("what recovers, or met only accounts that were switched off, needs nobody and stays listed", async () => {
    const [healed, off, failing] = [
      await seedProvider({ name: "Healed" }),
      await seedProvider({ name: "Off" }),
      await seedProvider({ name: "Failing" }),
    ];
    for (const id of [healed, off, failing]) await setTokens(id, REVOKED);
    await watchAt(0);
    await setTokens(healed, null);
    const where = { cloudProviderId: off };
    await db().emailAccount.updateMany({ where, data: { active: false } });
    await watchAt(1);
    const needed = await listWorstIncidents(ada);
    expect(needed.rows.map(({ subject }) => subject)).toEqual(["Failing"]);
    expect(needed.total.count).toBe(1);
    expect((await listOpenIncidents(ada)).rows).toHaveLength(3);
  });

  test("a failure within the quiet minutes opens the same incident again", async () => {
    const id = await seedProvider();
    await setTokens(id, REVOKED);
    for (const minutes of [0, 10]) await watchAt(minutes);
    await setTokens(id, null);
    await watchAt(11);
    await setTokens(id, REVOKED);
    for (const minutes of [18, 22]) await watchAt(minutes);
    expect(await db().incident.count()).toBe(1);
    expect(await told()).toEqual(["incident_opened"]);
    const at = (minutes: number) => new Date(T0 + minutes * MINUTE_MS);
    const [again] = (await listOpenIncidents(ada)).rows;
    expect(again).toMatchObject({ openedAt: at(18), firstOpenedAt: at(0), peakAccounts: 1 });
    await setTokens(id, null);
    for (const minutes of [23, 33]) await watchAt(minutes);
    const [alert] = await db().alert.findMany({ where: { kind: "incident_resolved" } });
    expect(alert?.text).toContain("It lasted 23 min ");
    expect((await listPast()).rows[0]?.firstOpenedAt).toEqual(at(0));
  });

  test("a digest comes half an hour after a change and once a day, and none when all is well", async () => {
    const [one, two] = [await seedProvider({ name: "One" }), await seedProvider({ name: "Two" })];
    await setTokens(one, REVOKED);
    for (const minutes of [0, 10, 40]) await watchAt(minutes);
    expect(await told()).toEqual(["incident_opened", "digest"]);
    await setTokens(two, REVOKED);
    for (const minutes of [45, 55, 69]) await watchAt(minutes);
    expect(await told()).toEqual(["incident_opened", "digest", "incident_opened"]);
    const digests = async (...all: number[]) => {
      for (const minutes of all) await watchAt(minutes);
      return (await told()).filter((kind) => kind === "digest").length;
    };
    expect(await digests(70, 71, 101, 1_500)).toBe(2);
    expect(await digests(70 + 24 * 60)).toBe(3);
    await setTokens(one, null);
    await setTokens(two, null);
    // A day after the last one they recover.
    expect(await digests(2_949, 2_951, 2_960, 6_000)).toBe(3);
  });

  test("who dies in the middle leaves nothing, and of two at once the next one does all of it", async () => {
    await setTokens(await seedProvider(), REVOKED);
    await watchAt(0);
    const enqueue = () => Promise.reject(new Error("killed"));
    const now = new Date(T0 + 10 * MINUTE_MS);
    await expect(watchIncidents({ now, enqueue })).rejects.toThrow("killed");
    expect(await told()).toEqual([]);
    expect((await listOpenIncidents(ada)).rows[0]?.announcedAt).toBeNull();
    expect(await Promise.all([watchAt(10), watchAt(10), watchAt(10)])).toContain(true);
    expect(await told()).toEqual(["incident_opened"]);
    expect(queued).toHaveLength(1);
  });
});

test("the page of an incident names the accounts that it stops, what was told, and tests all of them", async () => {
  await setTokens(await seedProvider({ accounts: 60 }), REVOKED);
  for (const minutes of [0, 10]) await watchAt(minutes);
  const [{ id } = { id: "" }] = (await listOpenIncidents(ada)).rows;
  const found = await findIncident(ada, id);
  expect(found?.stoppedAccounts).toHaveLength(60);
  const deliveries = [{ state: "pending", alertChannel: { name: "Ops" } }];
  expect(found?.alerts).toMatchObject([{ kind: "incident_opened", deliveries }]);
  const run = await testIncident(ada, { incidentId: id });
  expect(await db().testRun.findUnique({ where: { id: run } })).toMatchObject({ total: 60 });
});
