import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { secretInUse } from "@/lib/testing/credentials";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { isoDay } from "./credentials/schema";
import { eraseKeptSecrets } from "./credentials/store";
import { restoreClientSecret } from "./restore-client-secret";
import { updateClientSecret } from "./update-client-secret";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;
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

async function becomeOlder(ms: number): Promise<void> {
  await db().clientCredential.updateMany({
    where: { cloudProviderId, supersededAt: null },
    data: { createdAt: new Date(Date.now() - ms) },
  });
}

beforeEach(async () => {
  await db().tokenSet.deleteMany();
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  first = sandbox().registration.clientSecret;
  second = await makeSecret();
  const secretExpiresOn = isoDay(6);
  await updateClientSecret(ada, { cloudProviderId, clientSecret: second.value, secretExpiresOn });
});

describe("a new secret that is refused within its first hour", () => {
  test("gives way to the last one, and nobody notices", async () => {
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
  });

  test("is told as such in the audit trail", async () => {
    await letExpire(cloudProviderId);
    await deleteAtPlatform(second);
    await refreshDue("keeper");
    const where = { objectId: cloudProviderId, action: "cloud_provider.restore_client_secret" };
    expect(await db().auditEvent.findMany({ where })).toMatchObject([{ actorName: "Postkey" }]);
  });

  test("stays when the last one is refused as well, and the provider says what to do", async () => {
    await letExpire(cloudProviderId);
    sandbox().faults.set("secret_wrong");
    await refreshDue("keeper");
    expect(await inUse()).toBe(second.value);
    expect((await provider()).failureId).toBe("AADSTS7000215");
    const [, refused] = await history();
    expect(refused).toMatchObject({ refusedAs: "AADSTS7000215", refusedAt: expect.any(Date) });
  });

  test("is no reason to go back once it worked for longer", async () => {
    await becomeOlder(HOUR_MS + MINUTE_MS);
    await letExpire(cloudProviderId);
    await deleteAtPlatform(second);
    await refreshDue("keeper");
    expect(await inUse()).toBe(second.value);
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "fix_registration" });
  });
});

describe("the way back by hand", () => {
  const back = (version = 1, actor: Actor = ada) =>
    restoreClientSecret(actor, { cloudProviderId, version });

  test("puts the last secret in use again, once it was proved", async () => {
    await back();
    expect(await inUse()).toBe(first);
    expect(await history()).toHaveLength(3);
    await back(2);
    expect(await inUse()).toBe(second.value);
  });

  test("is closed for one that the platform refuses, and nothing changes", async () => {
    sandbox().faults.set("secret_expired");
    await expect(back()).rejects.toMatchObject({ code: "unprocessable" });
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
    const third = await makeSecret();
    const secretExpiresOn = isoDay(6);
    await updateClientSecret(ada, { cloudProviderId, clientSecret: third.value, secretExpiresOn });
    const [oldest, last] = await history();
    expect(oldest?.secretSealed).toBeNull();
    expect(last?.secretSealed).not.toBeNull();
    await expect(back(1)).rejects.toMatchObject({ code: "conflict" });
  });

  test("needs the permission", async () => {
    await expect(back(1, program("providers:read"))).rejects.toMatchObject({
      code: "access_denied",
    });
  });
});
