import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { grantsOf, withRefreshToken } from "@/lib/testing/seed-authorizations";
import { BOB, connectedAccount, signIn } from "@/lib/testing/sign-in";
import {
  letExpire,
  openedAccessToken,
  openedCache,
  refreshDue,
  tokenRow,
} from "@/lib/testing/tokens";
import { claimNow } from "./leases/store";
import { recordFailure } from "./mutations";
import { renewNow } from "./refresh";
import { saveSignedIn } from "./store";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;
let authorizationId: string;

beforeEach(async () => {
  await db().tokenSet.deleteMany();
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  ({ authorizationId } = await tokenRow(cloudProviderId));
});

const requests = () => tokenRequests(sandbox(), "refresh_token");
const provider = () => db().cloudProvider.findUniqueOrThrow({ where: { id: cloudProviderId } });
const states = async () => {
  const where = { authorization: { cloudProviderId } };
  return (await db().tokenSet.findMany({ where })).map(({ state }) => state);
};

describe("renewing now", () => {
  test("asks the platform although nothing is due", async () => {
    const before = requests();
    expect(await renewNow(ada, { authorizationId })).toBe(true);
    expect(requests() - before).toBe(1);
  });

  test("stores what came of it", async () => {
    sandbox().faults.set("grant_revoked");
    expect(await renewNow(ada, { authorizationId })).toBe(false);
    expect(await states()).toEqual(["sign_in_again"]);
    sandbox().faults.clearAll();
    expect(await renewNow(ada, { authorizationId })).toBe(true);
    expect(await states()).toEqual(["connected"]);
  });

  test("waits for nobody who renews it at that moment", async () => {
    await claimNow("keeper", authorizationId);
    await expect(renewNow(ada, { authorizationId })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a registration that works again", () => {
  test("works again for everybody who is signed in through it", async () => {
    await signIn(ada, { subject: "another", cloudProviderId }, BOB);
    await letExpire(cloudProviderId);
    sandbox().faults.set("secret_wrong");
    await refreshDue("keeper");
    expect(await states()).toEqual(["fix_registration", "fix_registration"]);
    expect((await provider()).failureId).toBe("AADSTS7000215");
    sandbox().faults.clearAll();
    expect(await renewNow(ada, { authorizationId })).toBe(true);
    expect((await provider()).failureId).toBeNull();
    expect(await refreshDue("keeper")).toBe(1);
    expect(await states()).toEqual(["connected", "connected"]);
  });

  test("is not blamed again by whoever was paused while it was mended", async () => {
    const paused = await claimNow("paused", authorizationId);
    if (!paused) throw new Error("There is no lease.");
    await db().tokenSet.updateMany({ data: { leaseUntil: new Date(0) } });
    expect(await renewNow(ada, { authorizationId })).toBe(true);
    const failure = { failureId: "AADSTS7000222", failureText: "", waitMs: 0 };
    await recordFailure(paused, {
      credentialVersion: 1,
      failure: { ...failure, state: "fix_registration" },
    });
    expect((await provider()).failureId).toBeNull();
    expect(await states()).toEqual(["connected"]);
  });
});

test("an answer with the tokens of somebody else replaces nothing, and is asked for again", async () => {
  const { tenantId } = await db().authorization.findUniqueOrThrow({
    where: { id: authorizationId },
  });
  const somebodyElse = `${crypto.randomUUID()}.${tenantId}`;
  const [refreshToken = ""] = await grantsOf(sandbox().controlUrl, [somebodyElse]);
  const cache = withRefreshToken(await openedCache(cloudProviderId), refreshToken);
  const old = { accessToken: "old", expiresAt: new Date(), scopes: [], idToken: "", cache };
  await saveSignedIn(db(), authorizationId, old);
  await letExpire(cloudProviderId);
  expect(await refreshDue("keeper")).toBe(1);
  expect(await tokenRow(cloudProviderId)).toMatchObject({
    state: "retrying",
    failureId: "postkey.tokens_of_another",
  });
  expect(await openedAccessToken(cloudProviderId)).toBe("old");
  expect(await openedCache(cloudProviderId)).toBe(cache);
});
