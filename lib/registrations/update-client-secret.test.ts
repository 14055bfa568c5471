import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { DAY_MS, fromNow, HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { findRemedy } from "@/lib/remedies/catalogue";
import { updateCloudProvider } from "@/lib/sign-ins/mailboxes/mutations";
import { administrator } from "@/lib/testing/actors";
import { secretInUse } from "@/lib/testing/credentials";
import { addSecret, tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount, providerEdit } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { proveAndSave, restoreClientSecret, updateClientSecret } from "./change-credential";
import { changeSecretExpiry } from "./credentials/mutations";
import { changeSecretExpirySchema, isoDay } from "./credentials/schema";
import { eraseKeptSecrets } from "./credentials/store";
import { findCloudProvider } from "./queries";
import { updateClientSecretSchema } from "./schema";
import { loadRegistration, openRegistration } from "./store";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;
let clientSecret: string;

beforeEach(async () => {
  await db().tokenSet.deleteMany();
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  clientSecret = await addSecret(sandbox());
});

const update = (secret = clientSecret) =>
  updateClientSecret(
    ada,
    updateClientSecretSchema.parse({
      cloudProviderId,
      clientSecret: secret,
      secretExpiresOn: isoDay(12),
    }),
  );
const stored = () =>
  Promise.all([
    db().cloudProvider.findUnique({ where: { id: cloudProviderId } }),
    db().clientCredential.findMany({ where: { cloudProviderId } }),
    db().tokenSet.findMany(),
    db().auditEvent.count(),
    db().event.count(),
  ]);

describe("a secret that works", () => {
  test("takes over, and the old value is kept for a week, sealed", async () => {
    await update();
    expect(await secretInUse(cloudProviderId)).toBe(clientSecret);
    const where = { cloudProviderId };
    const rows = await db().clientCredential.findMany({ where, orderBy: { version: "asc" } });
    const [old, current, ...more] = rows;
    expect(more).toEqual([]);
    expect(old?.version).toBe(1);
    expect(old?.secretSealed).toMatch(/^v2\./);
    expect(old?.keptUntil?.getTime()).toBeCloseTo(Date.now() + 7 * DAY_MS, -5);
    expect(old?.supersededAt).not.toBeNull();
    expect(current).toMatchObject({ version: 2, supersededAt: null, createdByName: "Ada" });
    const history = (await findCloudProvider(ada, cloudProviderId))?.credentials ?? [];
    const secrets = [clientSecret, sandbox().registration.clientSecret];
    expect(history.map(({ hint }) => hint)).toEqual(secrets.map((secret) => secret.slice(-3)));
    expect(history[0]?.expiresAt?.toISOString().slice(0, 10)).toBe(isoDay(12));
  });

  test("takes what waited for it up again", async () => {
    await letExpire(cloudProviderId);
    sandbox().faults.set("secret_expired");
    await refreshDue("keeper");
    expect(await findCloudProvider(ada, cloudProviderId)).toMatchObject({
      state: "fix_registration",
      failureId: "AADSTS7000222",
    });
    sandbox().faults.clearAll();
    await update();
    expect(await refreshDue("keeper")).toBe(1);
    expect(await findCloudProvider(ada, cloudProviderId)).toMatchObject({
      state: "connected",
      failureId: null,
    });
  });

  test("may be the one in use: it is proved again, and what was before it can still be used", async () => {
    const inUse = async () => (await findCloudProvider(ada, cloudProviderId))?.credentials ?? [];
    const [{ expiresAt } = { expiresAt: null }] = await inUse();
    await letExpire(cloudProviderId);
    sandbox().faults.set("secret_expired");
    await refreshDue("keeper");
    sandbox().faults.clearAll();
    const told = await update(sandbox().registration.clientSecret);
    expect(told).toEqual({ isReplaced: false, expiresAt });
    expect(await inUse()).toMatchObject([{ refusedAt: null, expiresAt }]);
    expect(await refreshDue("keeper")).toBe(1);
    // Also the second of two that are entered alike.
    await update();
    await update();
    const secrets = [clientSecret, sandbox().registration.clientSecret];
    expect((await inUse()).map(({ hint }) => hint)).toEqual(secrets.map((each) => each.slice(-3)));
  });
});

describe("of two that are entered at once", () => {
  test("the one that was sent first and is proved last does not win", async () => {
    const slow = await addSecret(sandbox());
    const registration = await loadRegistration(cloudProviderId);
    expect(await update()).toMatchObject({ isReplaced: true });
    const credential = { kind: "client_secret", secret: slow } as const;
    const late = { credential, expiresAt: null, field: "clientSecret" };
    await expect(proveAndSave(ada, registration, late)).rejects.toMatchObject({ code: "stale" });
    expect(await secretInUse(cloudProviderId)).toBe(clientSecret);
    expect(await db().clientCredential.count({ where: { cloudProviderId } })).toBe(2);
  });

  test("one way back is taken once", async () => {
    await update();
    sandbox().faults.set("slow", { seconds: 0.5 });
    const back = () => restoreClientSecret(ada, { cloudProviderId, version: 1 });
    const results = await Promise.allSettled([back(), back()]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await db().clientCredential.count({ where: { cloudProviderId } })).toBe(3);
  });
});

describe("nothing changes", () => {
  test.each([
    ["secret_wrong", "unprocessable", "AADSTS7000215"],
    ["server_error", "temporarily_unavailable", "postkey.identity_platform_unavailable"],
  ])("when the platform says %s, which is told as what it is", async (fault, code, remedyId) => {
    const before = await stored();
    sandbox().faults.set(fault);
    const error = await update().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, remedyId });
    expect(error).toMatchObject({ message: expect.stringContaining(findRemedy(remedyId).title) });
    expect(await stored()).toEqual(before);
  });

  test("when the registration became another while the secret was proved", async () => {
    sandbox().faults.set("slow", { seconds: 60 });
    const proofs = () => tokenRequests(sandbox(), "client_credentials");
    const before = proofs();
    const proving = update();
    await expect.poll(proofs).toBeGreaterThan(before);
    const edit = await providerEdit(ada, cloudProviderId, { name: "Renamed" });
    await updateCloudProvider(administrator("Bob"), edit);
    sandbox().faults.clearAll();
    await expect(proving).rejects.toMatchObject({
      code: "stale",
      message: expect.stringContaining("Bob changed Name"),
    });
    expect((await openRegistration(cloudProviderId)).credentialVersion).toBe(1);
  });
});

describe("the way back from a new secret", () => {
  /** The secret that was in use at first, and one that takes its place. */
  let first: string;
  let second: { id: string; value: string };

  const secretsUrl = () =>
    new URL(`registrations/${sandbox().registration.clientId}/secrets`, sandbox().controlUrl);

  async function makeSecret() {
    const answer: unknown = await (await fetch(secretsUrl(), { method: "POST" })).json();
    return z.object({ id: z.string(), value: z.string() }).parse(answer);
  }

  /** As if someone deleted it at Microsoft, or one of the servers had not heard of it yet. */
  async function deleteAtPlatform({ id }: { id: string }): Promise<void> {
    await fetch(`${secretsUrl()}/${id}/delete`, { method: "POST" });
  }

  const history = () =>
    db().clientCredential.findMany({ where: { cloudProviderId }, orderBy: { version: "asc" } });
  const inUse = () => secretInUse(cloudProviderId);
  const provider = () => db().cloudProvider.findUniqueOrThrow({ where: { id: cloudProviderId } });

  beforeEach(async () => {
    first = sandbox().registration.clientSecret;
    second = await makeSecret();
    const secretExpiresOn = isoDay(6);
    await updateClientSecret(ada, { cloudProviderId, clientSecret: second.value, secretExpiresOn });
  });

  test("is taken by itself within its first hour, and nobody notices", async () => {
    await letExpire(cloudProviderId, 20 * MINUTE_MS);
    await deleteAtPlatform(second);
    await refreshDue("keeper");
    expect(await inUse()).toBe(first);
    expect((await provider()).failureId).toBeNull();
    const [, refused, restored] = await history();
    expect(refused).toMatchObject({ version: 2, supersededAt: expect.any(Date) });
    expect(refused).toMatchObject({ refusedAt: expect.any(Date), refusedAs: "AADSTS7000215" });
    expect(restored).toMatchObject({ version: 3, origin: "restored", restoredFrom: 1 });
    expect(restored?.createdByName).toBe("Postkey");
    expect(await refreshDue("keeper")).toBe(1);
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected", failures: 0 });
    const where = { objectId: cloudProviderId, action: "cloud_provider.restore_client_secret" };
    expect(await db().auditEvent.findMany({ where })).toMatchObject([{ actorName: "Postkey" }]);
  });

  test("is not taken when the last one is refused as well, and the provider says what to do", async () => {
    await letExpire(cloudProviderId);
    sandbox().faults.set("secret_wrong");
    await refreshDue("keeper");
    expect(await inUse()).toBe(second.value);
    expect((await provider()).failureId).toBe("AADSTS7000215");
    const [, refused] = await history();
    expect(refused).toMatchObject({ refusedAs: "AADSTS7000215", refusedAt: expect.any(Date) });
  });

  test("is not taken by itself once it worked for longer", async () => {
    const createdAt = fromNow(-HOUR_MS - MINUTE_MS);
    const where = { cloudProviderId, supersededAt: null };
    await db().clientCredential.updateMany({ where, data: { createdAt } });
    await letExpire(cloudProviderId);
    await deleteAtPlatform(second);
    await refreshDue("keeper");
    expect(await inUse()).toBe(second.value);
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "fix_registration" });
  });

  const back = (version = 1) => restoreClientSecret(ada, { cloudProviderId, version });

  test("puts the last secret in use again by hand, once it was proved", async () => {
    await back();
    expect(await inUse()).toBe(first);
    expect(await history()).toHaveLength(3);
    await back(2);
    expect(await inUse()).toBe(second.value);
  });

  test("is closed after a week, when the value is erased", async () => {
    const where = { cloudProviderId, version: 1 };
    await db().clientCredential.updateMany({ where, data: { keptUntil: new Date(0) } });
    await expect(back()).rejects.toMatchObject({ code: "conflict" });
    await eraseKeptSecrets();
    const [erased, inUse] = await history();
    expect(erased?.secretSealed).toBeNull();
    expect(inUse?.secretSealed).not.toBeNull();
  });

  test("leads one step, not two", async () => {
    await update();
    const [oldest, last] = await history();
    expect(oldest?.secretSealed).toBeNull();
    expect(last?.secretSealed).not.toBeNull();
    await expect(back(1)).rejects.toMatchObject({ code: "conflict" });
  });
});

test("of a secret that Postkey made nobody enters another day: it is known", async () => {
  const data = { keyId: "key" };
  await db().clientCredential.updateMany({ where: { cloudProviderId }, data });
  const input = { cloudProviderId, version: 1, secretExpiresOn: isoDay(3) };
  const changed = changeSecretExpiry(ada, changeSecretExpirySchema.parse(input));
  await expect(changed).rejects.toMatchObject({ code: "conflict" });
});
