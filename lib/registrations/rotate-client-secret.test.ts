import { beforeEach, describe, expect, test } from "vitest";
import { POSTKEY } from "@/lib/keeper/postkey";
import { DAY_MS, fromNow, HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { listPasswords, openGraphApplication } from "@/lib/oauth/microsoft/graph";
import type { ListedSecret } from "@/lib/oauth/service";
import { updateCloudProvider } from "@/lib/sign-ins/mailboxes/mutations";
import { administrator } from "@/lib/testing/actors";
import { secretInUse } from "@/lib/testing/credentials";
import { addSecret, registered, tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount, providerEdit, typedSecret } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { restoreClientSecret, updateClientSecret } from "./change-credential";
import { isoDay } from "./credentials/schema";
import { findCloudProvider } from "./queries";
import { rotateDue, rotateNow } from "./rotate-client-secret";
import { setAutoRotate } from "./rotations/mutations";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;
/** The first secret in use, entered by hand. */
let typed: string;

beforeEach(async () => {
  await fetch(new URL("reset", sandbox().controlUrl), { method: "POST" });
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  typed = sandbox().registration.clientSecret;
});

const switchOn = () => setAutoRotate(ada, { cloudProviderId, autoRotate: true });
const made = () => sandbox().requests().counts["graph addPassword"] ?? 0;
const inUse = () => secretInUse(cloudProviderId);
const provider = () => db().cloudProvider.findUniqueOrThrow({ where: { id: cloudProviderId } });
const rotation = () => db().secretRotation.findUniqueOrThrow({ where: { cloudProviderId } });
const history = () =>
  db().clientCredential.findMany({ where: { cloudProviderId }, orderBy: { version: "asc" } });
const rotatedNow = (version: number) => rotateNow(ada, { cloudProviderId, version });

/** What is there at Microsoft, as its own list says; `typed` always opens the way to it. */
async function atMicrosoft(): Promise<ListedSecret[]> {
  const { registration } = sandbox();
  const opened = registered(sandbox(), { ...registration, clientSecret: typed });
  return listPasswords(await openGraphApplication(opened));
}
const madeAtMicrosoft = async () =>
  (await atMicrosoft()).filter(({ displayName }) => displayName?.startsWith("Postkey "));

/** Lets the secret in use end in so many days, and the keeper look at it now. */
async function endIn(days: number): Promise<void> {
  const where = { cloudProviderId, supersededAt: null };
  await db().clientCredential.updateMany({ where, data: { expiresAt: fromNow(days * DAY_MS) } });
  await lookNow();
}
async function lookNow(): Promise<void> {
  const data = { rotateDueAt: fromNow(-MINUTE_MS) };
  await db().cloudProvider.updateMany({ where: { autoRotate: true }, data });
}
/** As after the death of its holder. */
async function letLeaseEnd(): Promise<void> {
  await db().secretRotation.updateMany({ data: { leaseUntil: fromNow(-MINUTE_MS) } });
}

describe("off, as it is at first,", () => {
  test("nothing is asked of Graph, however soon the secret ends", async () => {
    await endIn(1);
    expect(await rotateDue(POSTKEY)).toBeNull();
    await expect(rotatedNow(1)).rejects.toMatchObject({ code: "conflict" });
    expect(Object.keys(sandbox().requests().counts).join()).not.toContain("graph");
  });

  test("it stays off when the application may not renew itself, or the platform is away", async () => {
    sandbox().faults.set("graph_permission_missing");
    await expect(switchOn()).rejects.toMatchObject({ code: "unprocessable" });
    sandbox().faults.clearAll();
    sandbox().faults.set("server_error", { at: "graph" });
    await expect(switchOn()).rejects.toMatchObject({ code: "temporarily_unavailable" });
    expect(await provider()).toMatchObject({ autoRotate: false, rotateDueAt: null });
  });
});

describe("a secret that ends within thirty days", () => {
  beforeEach(switchOn);

  test("is replaced by one that works for half a year, and nobody signs in again", async () => {
    await endIn(31);
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "not_due" });
    await endIn(29);
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "rotated" });
    expect(await inUse()).not.toBe(typed);
    const [old, current] = await history();
    expect(old).toMatchObject({ version: 1, secretSealed: expect.any(String), keyId: null });
    expect(old?.keptUntil?.getTime()).toBeCloseTo(Date.now() + 7 * DAY_MS, -5);
    expect(current).toMatchObject({ version: 2, origin: "rotated", createdByName: "Postkey" });
    expect(current?.expiresAt?.toISOString().slice(0, 10)).toBe(isoDay(6));
    expect(await madeAtMicrosoft()).toMatchObject([{ keyId: current?.keyId }]);
    await letExpire(cloudProviderId);
    await refreshDue("keeper");
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
    const where = { action: "cloud_provider.rotate_client_secret", objectId: cloudProviderId };
    expect(await db().auditEvent.findMany({ where })).toMatchObject([{ actorName: "Postkey" }]);
    expect((await provider()).rotateDueAt?.getTime()).toBeCloseTo(Date.now() + DAY_MS, -5);
    await lookNow();
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "not_due" });
    expect(made()).toBe(1);
  });

  test("is replaced once, however many are at it", async () => {
    await endIn(5);
    sandbox().faults.set("slow", { seconds: 0.2 });
    const people = [1, 2].map(() => rotatedNow(1).catch(() => null));
    const results = await Promise.all([
      ...Array.from({ length: 4 }, () => rotateDue(POSTKEY)),
      ...people,
    ]);
    expect(results.filter((result) => result?.kind === "rotated")).toHaveLength(1);
    expect(made()).toBe(1);
    expect(await madeAtMicrosoft()).toHaveLength(1);
  });
});

describe("a permission that was taken away", () => {
  test("is shown with its remedy, asked for again later, and forgotten when it is back", async () => {
    await switchOn();
    await endIn(20);
    sandbox().faults.set("graph_permission_missing");
    const failureId = "graph.permission_missing";
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "failed", failureId });
    expect(await findCloudProvider(ada, cloudProviderId)).toMatchObject({
      rotationFailureId: failureId,
      rotationFailedAt: expect.any(Date),
    });
    expect(await inUse()).toBe(typed);
    expect((await provider()).rotateDueAt?.getTime()).toBeCloseTo(Date.now() + 6 * HOUR_MS, -5);
    expect(await rotateDue(POSTKEY)).toBeNull();
    sandbox().faults.clearAll();
    await lookNow();
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "rotated" });
    expect(await provider()).toMatchObject({ rotationFailureId: null, rotationFailedAt: null });
  });

  test("what passes by itself is tried again soon, as Graph says", async () => {
    await switchOn();
    sandbox().faults.set("throttled", { at: "graph", seconds: 50 });
    await rotateDue(POSTKEY);
    expect((await provider()).rotateDueAt?.getTime()).toBeCloseTo(Date.now() + 50_000, -4);
  });
});

describe("a new secret that Microsoft's servers do not know yet", () => {
  beforeEach(async () => {
    await switchOn();
    await endIn(20);
    sandbox().faults.set("new_secret_late");
  });

  test("waits sealed, survives the death of its holder, and no second one is made", async () => {
    expect(await rotateDue(POSTKEY)).toMatchObject({ kind: "waiting" });
    expect(await inUse()).toBe(typed);
    expect((await findCloudProvider(ada, cloudProviderId))?.newSecretMadeAt).toBeInstanceOf(Date);
    expect((await provider()).rotateDueAt?.getTime()).toBeLessThan(Date.now() + MINUTE_MS);
    await lookNow();
    expect(await rotateDue(POSTKEY)).toMatchObject({ kind: "waiting" });
    // Killed in the middle of the next turn: the lease was not given back.
    await db().secretRotation.updateMany({ data: { leaseUntil: fromNow(MINUTE_MS) } });
    await lookNow();
    sandbox().faults.clearAll();
    expect(await rotateDue(POSTKEY)).toBeNull();
    await letLeaseEnd();
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "rotated" });
    expect(await rotation()).toMatchObject({ secretSealed: null, keyId: null, madeAt: null });
    expect(made()).toBe(1);
  });

  test("is given up after a day, and removed", async () => {
    await rotateDue(POSTKEY);
    await db().secretRotation.updateMany({ data: { madeAt: fromNow(-25 * HOUR_MS) } });
    await lookNow();
    const failureId = "graph.secret_not_accepted";
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "failed", failureId });
    expect(await madeAtMicrosoft()).toEqual([]);
    expect(await inUse()).toBe(typed);
  });

  test("gives way to one that was entered by hand meanwhile", async () => {
    await rotateDue(POSTKEY);
    sandbox().faults.clearAll();
    const clientSecret = await addSecret(sandbox());
    const secretExpiresOn = isoDay(12);
    await updateClientSecret(ada, { cloudProviderId, clientSecret, secretExpiresOn });
    await lookNow();
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "not_due" });
    expect(await inUse()).toBe(clientSecret);
    expect(await madeAtMicrosoft()).toEqual([]);
    expect(await rotation()).toMatchObject({ secretSealed: null });
  });

  test("cannot replace one that was entered in the same moment", async () => {
    await rotateDue(POSTKEY);
    sandbox().faults.clearAll();
    sandbox().faults.set("slow", { seconds: 60 });
    await lookNow();
    const proofs = () => tokenRequests(sandbox(), "client_credentials");
    const before = proofs();
    const turn = rotateDue(POSTKEY);
    // It is asked about by now with the version that is in use.
    await expect.poll(proofs).toBeGreaterThan(before);
    const where = { cloudProviderId, supersededAt: null };
    await db().clientCredential.updateMany({ where, data: { version: 7 } });
    sandbox().faults.clearAll();
    expect(await turn).toEqual({ kind: "superseded" });
    expect(await inUse()).toBe(typed);
  });
});

describe("a secret that was made and never stored", () => {
  beforeEach(async () => {
    await switchOn();
    await endIn(20);
  });

  test("because the answer was lost is removed, and another one takes its place", async () => {
    sandbox().faults.set("graph_answer_lost", { times: 1 });
    const failureId = "graph.unreachable";
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "failed", failureId });
    const [lost] = await madeAtMicrosoft();
    expect(await inUse()).toBe(typed);
    await lookNow();
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "rotated" });
    const left = await madeAtMicrosoft();
    expect(left).toHaveLength(1);
    expect(left[0]?.keyId).not.toBe(lost?.keyId);
    expect(left[0]?.displayName).toBe(lost?.displayName);
  });

  test("because the process died is removed after its lease", async () => {
    await pool().query(`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'killed'; END $$;
      CREATE TRIGGER die BEFORE UPDATE OF "secretSealed" ON "SecretRotation"
      FOR EACH ROW EXECUTE FUNCTION die()`);
    await expect(rotateDue(POSTKEY)).rejects.toThrow("killed");
    await pool().query(`DROP TRIGGER die ON "SecretRotation"; DROP FUNCTION die()`);
    const [lost] = await madeAtMicrosoft();
    expect(await rotateDue(POSTKEY)).toBeNull();
    await letLeaseEnd();
    expect(await rotateDue(POSTKEY)).toEqual({ kind: "rotated" });
    const left = (await madeAtMicrosoft()).map(({ keyId }) => keyId);
    expect(left).toEqual([(await history()).at(-1)?.keyId]);
    expect(left).not.toContain(lost?.keyId);
  });
});

describe("at Microsoft, a replaced secret", () => {
  beforeEach(switchOn);

  /** As a week later. */
  const forgetKept = () =>
    db().clientCredential.updateMany({
      where: { cloudProviderId, supersededAt: { not: null } },
      data: { keptUntil: fromNow(-MINUTE_MS) },
    });

  test("is removed once there is no way back, by its id; nobody else's ever is", async () => {
    await addSecret(sandbox());
    const others = await atMicrosoft();
    await rotatedNow(1);
    const [first] = await madeAtMicrosoft();
    expect(await rotatedNow(2)).toEqual({ kind: "rotated" });
    await lookNow();
    await rotateDue(POSTKEY);
    expect(await madeAtMicrosoft()).toHaveLength(2);
    await forgetKept();
    await lookNow();
    await rotateDue(POSTKEY);
    const [, replaced, current] = await history();
    expect(replaced).toMatchObject({ keyId: first?.keyId, removedAt: expect.any(Date) });
    expect(current?.removedAt).toBeNull();
    expect((await madeAtMicrosoft()).map(({ keyId }) => keyId)).toEqual([current?.keyId]);
    expect(await atMicrosoft()).toEqual(expect.arrayContaining(others));
    const where = { action: "cloud_provider.remove_client_secret" };
    const events = await db().auditEvent.findMany({ where });
    expect(events).toMatchObject([{ detail: { keyId: first?.keyId }, actorName: "Postkey" }]);
  });

  test("stays when it was put in use again, and as long as it can be once more", async () => {
    await rotatedNow(1);
    await rotatedNow(2);
    await restoreClientSecret(ada, { cloudProviderId, version: 2 });
    const [, first] = await history();
    await forgetKept();
    await lookNow();
    await rotateDue(POSTKEY);
    const left = async () => (await madeAtMicrosoft()).map(({ keyId }) => keyId);
    expect(await left()).toEqual([first?.keyId]);
    await rotatedNow(4);
    await lookNow();
    await rotateDue(POSTKEY);
    expect(await left()).toContain(first?.keyId);
  });
});

test("by hand it is renewed at once, in the name of whoever asked, and not one that they did not see", async () => {
  await switchOn();
  expect(await rotatedNow(2)).toEqual({ kind: "not_due" });
  expect(made()).toBe(0);
  expect(await rotatedNow(1)).toEqual({ kind: "rotated" });
  expect((await history()).at(-1)).toMatchObject({ origin: "rotated", createdByName: "Ada" });
});

test("another registration begins without it, and with no key of the old one", async () => {
  await switchOn();
  await rotatedNow(1);
  const { clientId, clientSecret } = sandbox().serviceRegistration;
  const replacement = typedSecret(clientSecret, isoDay(12));
  const edit = await providerEdit(ada, cloudProviderId, { clientId, replacement });
  await updateCloudProvider(ada, edit);
  expect(await provider()).toMatchObject({ autoRotate: false, rotateDueAt: null });
  expect(await db().secretRotation.count({ where: { cloudProviderId } })).toBe(0);
  expect((await history()).map(({ keyId }) => keyId)).toEqual([null, null, null]);
});
