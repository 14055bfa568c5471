import { beforeAll, expect, test } from "vitest";
import {
  changeSecretExpiryOperation,
  getCloudProviderOperation,
  updateClientSecretOperation,
} from "@/lib/http/api/operations/cloud-providers";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor, status } from "@/lib/testing/api";
import { addSecret, withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
let own: { key: string; params: { cloudProviderId: string } };

beforeAll(async () => {
  const { id } = await createCloudProvider(administrator(), providerForm(sandbox()));
  const key = await keyFor(["providers:read", "providers:write"]);
  own = { key, params: { cloudProviderId: id } };
});

const read = async () => json(await call(getCloudProviderOperation, own));
const update = (clientSecret: string) =>
  status(
    call(updateClientSecretOperation, {
      ...own,
      body: { clientSecret, secretExpiresOn: isoDay(12) },
    }),
  );
const changeExpiry = (version: number, secretExpiresOn: string) =>
  status(call(changeSecretExpiryOperation, { ...own, body: { version, secretExpiresOn } }));

test("a program that sends the secret in use again moves nothing; it changes the expiry by itself", async () => {
  const before = await read();
  expect(before.credentialVersion).toBe(1);
  expect(await update(sandbox().registration.clientSecret)).toBe(204);
  expect(await read()).toEqual(before);
  expect(await changeExpiry(1, isoDay(3))).toBe(204);
  const after = await read();
  expect(after).toMatchObject({ secretExpiresAt: expect.stringContaining(isoDay(3)) });
  expect(after.credentialVersion).toBe(1);
});

test("the expiry is that of the secret that the program read", async () => {
  expect(await update(await addSecret(sandbox()))).toBe(204);
  const { credentialVersion, secretExpiresAt } = await read();
  expect(credentialVersion).toBe(2);
  expect(secretExpiresAt).toContain(isoDay(12));
  expect(await changeExpiry(1, isoDay(3))).toBe(409);
  expect((await read()).secretExpiresAt).toBe(secretExpiresAt);
});
