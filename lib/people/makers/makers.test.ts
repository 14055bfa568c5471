import { expect, test } from "vitest";
import { listDevices } from "@/lib/devices/queries";
import { db } from "@/lib/kernel/db";
import { mintActor } from "@/lib/kernel/mint-actor";
import { listApiKeys } from "@/lib/programs/queries";
import { administrator, person } from "@/lib/testing/actors";
import { freshColleagues, plainAccount } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { createApiKey, createDevice } from "@/lib/testing/made";
import { anew } from "@/lib/testing/shared";
import { setAdministratorActive } from "../administrators/mutations";
import { findMadeBy } from "./queries";

withDatabase();
const ada = administrator();
const bob = anew(() => freshColleagues("Cem"));
const account = anew(async () => ({ emailAccountId: await plainAccount() }));

const device = (name: string) => ({ name, ...account, protocols: ["smtp" as const] });

async function shown() {
  const [keys, devices] = await Promise.all([listApiKeys(ada), listDevices(ada)]);
  const [keyViews, deviceViews] = await Promise.all([
    listApiKeys.counts(ada),
    listDevices.counts(ada),
  ]);
  const lost = (views: { view: string; count: number }[]) =>
    views.find(({ view }) => view === "orphaned")?.count;
  return {
    keys: keys.rows.map(({ makerNote }) => makerNote),
    devices: devices.rows.map(({ makerNote }) => makerNote),
    lost: [lost(keyViews), lost(deviceViews)],
  };
}

test("what somebody made is named before they are disabled, and shown afterwards", async () => {
  await createApiKey(bob, { name: "Motion", permissions: ["tokens:read"] });
  await createDevice(bob, device("Scanner"));
  await createDevice(ada, device("Other"));
  expect(await findMadeBy(ada, { id: bob.id })).toEqual({
    keys: { count: 1, names: ["Motion"] },
    devices: { count: 1, names: ["Scanner"] },
  });
  expect(await shown()).toEqual({ keys: [null], devices: [null, null], lost: [0, 0] });
  await setAdministratorActive(ada, { id: bob.id, active: false });
  expect(await shown()).toEqual({ keys: ["disabled"], devices: [null, "disabled"], lost: [1, 1] });
});

test("the person behind a key answers for what the key makes", async () => {
  await createApiKey(bob, { name: "Motion", permissions: ["devices:write"] });
  const { id } = await db().apiKey.findFirstOrThrow();
  const permissions = new Set(["devices:write"] as const);
  const key = mintActor({ kind: "api_key", id, name: "Motion", permissions });
  await createDevice(key, device("Scanner"));
  expect((await findMadeBy(ada, { id: bob.id })).devices).toEqual({ count: 1, names: ["Scanner"] });
});

test("a key never gets more than its maker has", async () => {
  const maker = mintActor({
    ...person("operator"),
    permissions: new Set([...person("operator").permissions, "keys:write"]),
  });
  const beyond = createApiKey(maker, { name: "x", permissions: ["tokens:read", "mail:send"] });
  await expect(beyond).rejects.toMatchObject({
    fields: { permissions: [expect.stringContaining("Fetch access tokens")] },
  });
  await createApiKey(maker, { name: "x", permissions: ["mail:send"] });
});
