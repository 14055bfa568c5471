import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { secretInUse } from "@/lib/testing/credentials";
import { addSecret, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { findCloudProvider } from "../queries";
import { updateClientSecret } from "../update-client-secret";
import { changeSecretExpiry } from "./mutations";
import { changeSecretExpirySchema, isoDay, SECRET_LIFETIMES, secretEnd } from "./schema";

const sandbox = withInstallation();
const ada = administrator("Ada");
let cloudProviderId: string;

beforeEach(async () => {
  await db().tokenSet.deleteMany();
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
});

const change = (fields: Record<string, unknown> = {}, actor: Actor = ada) =>
  changeSecretExpiry(
    actor,
    changeSecretExpirySchema.parse({
      cloudProviderId,
      version: 1,
      secretExpiresOn: isoDay(3),
      ...fields,
    }),
  );
const shown = async () => (await findCloudProvider(ada, cloudProviderId))?.secretExpiresAt;

describe("another day on which the secret expires", () => {
  test("is stored without typing the secret again, which stays as it is", async () => {
    const secret = await secretInUse(cloudProviderId);
    await change();
    expect((await shown())?.toISOString()).toBe(`${isoDay(3)}T23:59:59.000Z`);
    expect(await secretInUse(cloudProviderId)).toBe(secret);
    expect(await db().clientCredential.count({ where: { cloudProviderId } })).toBe(1);
  });

  test("is written to the audit trail, with the day before", async () => {
    const before = (await shown())?.toISOString().slice(0, 10);
    await change();
    const event = await db().auditEvent.findFirst({
      where: { action: "cloud_provider.change_secret_expiry", objectId: cloudProviderId },
    });
    expect(event).toMatchObject({
      actorName: "Ada",
      detail: { before, secretExpiresOn: isoDay(3) },
    });
  });

  test("is refused of a secret that is not in use any more", async () => {
    const clientSecret = await addSecret(sandbox());
    await updateClientSecret(ada, { cloudProviderId, clientSecret, secretExpiresOn: isoDay(12) });
    const before = await shown();
    await expect(change()).rejects.toMatchObject({ code: "stale" });
    expect(await shown()).toEqual(before);
    await change({ version: 2 });
    expect((await shown())?.toISOString()).toContain(isoDay(3));
  });

  test("is refused of a secret that Postkey made: its day is known", async () => {
    const before = await shown();
    await db().clientCredential.updateMany({ where: { cloudProviderId }, data: { keyId: "key" } });
    await expect(change()).rejects.toMatchObject({ code: "conflict" });
    expect(await shown()).toEqual(before);
  });

  test("is refused of a certificate, which says itself when it expires", async () => {
    await db().clientCredential.updateMany({
      where: { cloudProviderId },
      data: { kind: "certificate" },
    });
    await expect(change()).rejects.toMatchObject({ code: "conflict" });
  });

  test("is refused of a provider that is not there", async () => {
    const elsewhere = change({ cloudProviderId: crypto.randomUUID() });
    await expect(elsewhere).rejects.toMatchObject({ code: "not_found" });
  });

  test("is for those who may change providers", async () => {
    const before = await shown();
    await expect(change({}, program("providers:read"))).rejects.toMatchObject({
      code: "access_denied",
    });
    expect(await shown()).toEqual(before);
  });

  test.each([
    ["a day that has passed", "2020-01-31"],
    ["no day", "soon"],
    ["too far", "2199-01-31"],
  ])("is not %s", (_what, secretExpiresOn) => {
    const input = { cloudProviderId, version: 1, secretExpiresOn };
    expect(changeSecretExpirySchema.safeParse(input).success).toBe(false);
  });
});

test("each lifetime that is offered is one that is accepted", () => {
  for (const { days } of SECRET_LIFETIMES) {
    const input = { cloudProviderId, version: 1, secretExpiresOn: secretEnd(days) };
    expect(changeSecretExpirySchema.safeParse(input).success, `${days} days`).toBe(true);
  }
});
