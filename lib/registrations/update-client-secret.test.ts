import { beforeEach, describe, expect, test } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { findRemedy } from "@/lib/remedies/catalogue";
import { listAuthorizations } from "@/lib/sign-ins/queries";
import { updateCloudProvider } from "@/lib/sign-ins/update-cloud-provider";
import { administrator, program } from "@/lib/testing/actors";
import { secretInUse } from "@/lib/testing/credentials";
import { addSecret, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { proveAndSave } from "./change-credential";
import { isoDay } from "./credentials/schema";
import { findCloudProvider } from "./queries";
import { restoreClientSecret } from "./restore-client-secret";
import { updateClientSecretSchema } from "./schema";
import { loadRegistration, openRegistration } from "./store";
import { updateClientSecret } from "./update-client-secret";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;
let clientSecret: string;

beforeEach(async () => {
  await db().tokenSet.deleteMany();
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  clientSecret = await addSecret(sandbox());
});

const update = (actor = ada, secret = clientSecret) =>
  updateClientSecret(
    actor,
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
    const [old, current, ...more] = await db().clientCredential.findMany({
      where: { cloudProviderId },
      orderBy: { version: "asc" },
    });
    expect(more).toEqual([]);
    expect(old?.version).toBe(1);
    expect(old?.secretSealed).toMatch(/^v2\./);
    expect(old?.keptUntil?.getTime()).toBeCloseTo(Date.now() + 7 * DAY_MS, -5);
    expect(old?.supersededAt).not.toBeNull();
    expect(current).toMatchObject({ version: 2, supersededAt: null, createdByName: "Ada" });
    expect(current?.secretSealed).not.toBeNull();
  });

  test("leaves a history that tells when, who, the hint and the expiry, and no value", async () => {
    const old = sandbox().registration.clientSecret;
    await update();
    const history = (await findCloudProvider(ada, cloudProviderId))?.credentials ?? [];
    expect(history.map(({ hint }) => hint)).toEqual([clientSecret.slice(-3), old.slice(-3)]);
    expect(history[0]?.expiresAt?.toISOString().slice(0, 10)).toBe(isoDay(12));
    expect(Object.keys(history[0] ?? {})).not.toContain("secretSealed");
    expect(JSON.stringify(history)).not.toContain(old);
    expect(JSON.stringify(history)).not.toContain(clientSecret);
  });

  test("loses nobody's sign-in: the same tokens are renewed with it", async () => {
    const before = await tokenRow(cloudProviderId);
    await update();
    expect(await tokenRow(cloudProviderId)).toEqual(before);
    expect((await listAuthorizations(ada, cloudProviderId)).rows).toHaveLength(1);
    await letExpire(cloudProviderId);
    await refreshDue("keeper");
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
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
    const before = await findCloudProvider(ada, cloudProviderId);
    await letExpire(cloudProviderId);
    sandbox().faults.set("secret_expired");
    await refreshDue("keeper");
    sandbox().faults.clearAll();
    const told = await update(ada, sandbox().registration.clientSecret);
    const after = await findCloudProvider(ada, cloudProviderId);
    expect(after?.failureId).toBeNull();
    expect(after?.credentials[0]?.refusedAt).toBeNull();
    expect(after?.credentials).toHaveLength(1);
    expect(after?.credentials[0]?.expiresAt).toEqual(before?.credentials[0]?.expiresAt);
    expect(told).toEqual({ isReplaced: false, expiresAt: before?.credentials[0]?.expiresAt });
    expect(await refreshDue("keeper")).toBe(1);
    // Also the second of two that are entered alike.
    await update();
    await update();
    const history = (await findCloudProvider(ada, cloudProviderId))?.credentials ?? [];
    expect(history.map(({ hint }) => hint)).toEqual(
      [clientSecret, sandbox().registration.clientSecret].map((secret) => secret.slice(-3)),
    );
  });

  test("that is in use already has its day from the form only where none is stored", async () => {
    await db().clientCredential.updateMany({ data: { expiresAt: null } });
    const told = await update(ada, sandbox().registration.clientSecret);
    expect(told).toMatchObject({ isReplaced: false });
    const [inUse] = (await findCloudProvider(ada, cloudProviderId))?.credentials ?? [];
    expect(inUse?.expiresAt?.toISOString().slice(0, 10)).toBe(isoDay(12));
    expect(told.expiresAt).toEqual(inUse?.expiresAt);
    const event = await db().auditEvent.findFirst({
      where: { action: "cloud_provider.prove_credential", objectId: cloudProviderId },
    });
    expect(event?.detail).toMatchObject({ before: "none", secretExpiresOn: isoDay(12) });
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
    ["secret_expired", "unprocessable", "AADSTS7000222"],
    ["server_error", "temporarily_unavailable", "postkey.identity_platform_unavailable"],
    ["throttled", "temporarily_unavailable", "postkey.identity_platform_throttled"],
    ["reset", "temporarily_unavailable", "postkey.identity_platform_unreachable"],
    ["redirect_307", "temporarily_unavailable", "postkey.malformed_token_response"],
  ])("when the platform says %s, which is told as what it is", async (fault, code, remedyId) => {
    const before = await stored();
    sandbox().faults.set(fault);
    const error = await update().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, remedyId });
    expect(error).toMatchObject({ message: expect.stringContaining(findRemedy(remedyId).title) });
    expect(await stored()).toEqual(before);
  });

  test("when the secret belongs to another application", async () => {
    const before = await stored();
    await expect(update(ada, sandbox().multiTenantRegistration.clientSecret)).rejects.toMatchObject(
      { fields: { clientSecret: [expect.any(String)] } },
    );
    expect(await stored()).toEqual(before);
  });

  test("when the registration became another while the secret was proved", async () => {
    sandbox().faults.set("slow", { seconds: 0.5 });
    const proving = update();
    const provider = await findCloudProvider(ada, cloudProviderId);
    if (!provider) throw new Error("The provider is gone.");
    const { name, accountTypes, clientId, tenantId, version } = provider;
    const fields = { name, accountTypes, clientId, tenantId, cloud: "sandbox", hosts: null };
    const kind = { service: "microsoft_azure", type: "outlook365", grant: "delegated" } as const;
    const edit = { ...fields, ...kind, id: cloudProviderId, version, replacement: null };
    await updateCloudProvider(administrator("Bob"), { ...edit, name: `${name} 2` });
    await expect(proving).rejects.toMatchObject({
      code: "stale",
      message: expect.stringContaining("Bob changed Name"),
    });
    expect((await openRegistration(cloudProviderId)).credentialVersion).toBe(1);
  });

  test("without the permission", async () => {
    const before = await stored();
    await expect(update(program("providers:read") as typeof ada)).rejects.toMatchObject({
      code: "access_denied",
    });
    expect(await stored()).toEqual(before);
  });

  test("when the provider is gone", async () => {
    await db().emailAccount.updateMany({ data: { cloudProviderId: null } });
    await db().cloudProvider.delete({ where: { id: cloudProviderId } });
    await expect(update()).rejects.toMatchObject({ code: "not_found" });
  });
});

test("of many updates at once exactly one secret stays in use", async () => {
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => update()));
  expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
  const inUse = await db().clientCredential.count({
    where: { cloudProviderId, supersededAt: null },
  });
  expect(inUse).toBe(1);
});
