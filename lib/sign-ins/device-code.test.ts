import { beforeEach, describe, expect, test } from "vitest";
import { POSTKEY } from "@/lib/keeper/postkey";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { administrator } from "@/lib/testing/actors";
import { pollDeviceCodesNow, typeDeviceCode } from "@/lib/testing/device-code";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, BOB, providerForm } from "@/lib/testing/sign-in";
import { letExpire, openedCache, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { beginAuthorization } from "./begin";
import { cancelDeviceCode, pollDeviceCodes } from "./device-code";
import { confirmAuthorization } from "./outcomes/mutations";
import { findDeviceSignIn, findOutcome, listAuthorizations } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const bob = administrator("Bob");
let cloudProviderId: string;

beforeEach(async () => {
  await db().authorizationRequest.deleteMany();
  await db().cloudProvider.deleteMany();
  await allowPublicClient(false);
  const form = providerForm(sandbox(), { grant: "device_code" });
  ({ id: cloudProviderId } = await createCloudProvider(ada, form));
});

async function allowPublicClient(isOn: boolean): Promise<void> {
  const { controlUrl, registration } = sandbox();
  const url = new URL(`registrations/${registration.clientId}/public-client`, controlUrl);
  await fetch(url, { method: "POST", body: new URLSearchParams({ on: `${isOn}` }) });
}

async function begin(): Promise<string> {
  const page = await beginAuthorization(ada, { subject: "provider", cloudProviderId });
  expect(page.pathname).toBe(`/settings/cloud-providers/${cloudProviderId}`);
  return page.searchParams.get("authorization") ?? "";
}

const typeCode = (fields?: Record<string, string>) => typeDeviceCode(ada, cloudProviderId, fields);

const poll = pollDeviceCodesNow;

const asked = () => tokenRequests(sandbox(), "device_code");
const row = () => db().authorizationRequest.findFirstOrThrow();

describe("a code that is typed on another device", () => {
  test("is shown to whoever asked for it, and to nobody else", async () => {
    const id = await begin();
    expect(await findDeviceSignIn(ada, cloudProviderId)).toMatchObject({
      id,
      userCode: expect.stringMatching(/^[A-Z2-9]{9}$/),
      verificationUri: expect.stringContaining("/devicelogin"),
    });
    expect(await findDeviceSignIn(bob, cloudProviderId)).toBeNull();
    expect(await findOutcome(bob, id)).toBeNull();
  });

  test("signs in whoever typed it, as soon as the keeper asks", async () => {
    const id = await begin();
    await poll();
    expect(await findOutcome(ada, id)).toBeNull();
    await typeCode();
    await poll();
    expect(await findOutcome(ada, id)).toMatchObject({ kind: "connected", username: ALICE });
    expect((await listAuthorizations(ada, cloudProviderId)).rows).toMatchObject([
      { username: ALICE, grant: "device_code", signedInByName: "Ada" },
    ]);
    expect(await findDeviceSignIn(ada, cloudProviderId)).toBeNull();
  });

  test("goes without a credential where the application allows public clients", async () => {
    await allowPublicClient(true);
    await begin();
    await typeCode();
    await poll();
    expect((await listAuthorizations(ada, cloudProviderId)).rows).toHaveLength(1);
    await letExpire(cloudProviderId);
    await refreshDue("keeper");
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
    expect(JSON.parse(await openedCache(cloudProviderId))).toMatchObject({ clientType: "public" });
  });

  test("is not asked about before its time, and by one of many at once", async () => {
    await begin();
    const before = asked();
    await pollDeviceCodes(POSTKEY);
    expect(asked()).toBe(before);
    await db().authorizationRequest.updateMany({ data: { nextPollAt: new Date(0) } });
    await Promise.all([
      pollDeviceCodes(POSTKEY),
      pollDeviceCodes(POSTKEY),
      pollDeviceCodes(POSTKEY),
    ]);
    expect(asked()).toBe(before + 1);
  });

  test("is asked about less often when the platform says so, from then on", async () => {
    await begin();
    const slower = ((await row()).pollIntervalMs ?? 0) + 5_000;
    sandbox().faults.set("device_slow_down");
    for (let turn = 0; turn < 2; turn += 1) {
      await poll();
      expect((await row()).pollIntervalMs).toBe(slower);
      sandbox().faults.clearAll();
    }
  });
});

describe("a code ends", () => {
  const outcome = async (id: string) => await findOutcome(ada, id);

  test("when nobody used it, and says so", async () => {
    const id = await begin();
    await db().authorizationRequest.updateMany({ data: { expiresAt: new Date(0) } });
    const before = asked();
    await poll();
    expect(await outcome(id)).toMatchObject({ remedyId: "callback.device_code_expired" });
    await poll();
    expect(asked()).toBe(before);
  });

  test("when it was declined on the other device", async () => {
    const id = await begin();
    await typeCode({ cancel: "1" });
    await poll();
    expect(await outcome(id)).toMatchObject({ remedyId: "callback.device_code_declined" });
  });

  test("when it is cancelled here, by nobody else: nothing is asked, and nothing comes of it", async () => {
    const id = await begin();
    await typeCode();
    const cancel = (actor = ada) => cancelDeviceCode(actor, { authorizationRequestId: id });
    await expect(cancel(bob)).rejects.toMatchObject({ code: "not_found" });
    await cancel();
    const before = asked();
    await poll();
    expect(asked()).toBe(before);
    expect((await listAuthorizations(ada, cloudProviderId)).rows).toEqual([]);
    await expect(cancel()).rejects.toMatchObject({ code: "not_found" });
  });
});

test("another person than expected is asked about, as in a browser", async () => {
  await begin();
  await typeCode();
  await poll();
  const id = await begin();
  await typeCode({ account: BOB });
  await poll();
  expect(await findOutcome(ada, id)).toMatchObject({ kind: "confirm", signedIn: BOB });
  const confirmed = await confirmAuthorization(ada, { authorizationRequestId: id });
  expect(confirmed).toMatchObject({ kind: "connected", username: BOB });
});
