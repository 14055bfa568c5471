import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { BOB, connectedAccount, signIn } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { claimNow } from "./leases/store";
import { recordFailure } from "./mutations";
import { renewNow } from "./renew-now";

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
    expect(await renewNow(ada, authorizationId)).toBe(true);
    expect(requests() - before).toBe(1);
  });

  test("stores what came of it", async () => {
    sandbox().faults.set("grant_revoked");
    expect(await renewNow(ada, authorizationId)).toBe(false);
    expect(await states()).toEqual(["sign_in_again"]);
    sandbox().faults.clearAll();
    expect(await renewNow(ada, authorizationId)).toBe(true);
    expect(await states()).toEqual(["connected"]);
  });

  test("waits for nobody who renews it at that moment", async () => {
    await claimNow("keeper", authorizationId);
    await expect(renewNow(ada, authorizationId)).rejects.toMatchObject({ code: "conflict" });
  });

  test("needs the permission", async () => {
    const call = renewNow(program("tokens:read"), authorizationId);
    await expect(call).rejects.toMatchObject({ code: "access_denied" });
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
    expect(await renewNow(ada, authorizationId)).toBe(true);
    expect((await provider()).failureId).toBeNull();
    expect(await refreshDue("keeper")).toBe(1);
    expect(await states()).toEqual(["connected", "connected"]);
  });

  test("tells open pages", async () => {
    await letExpire(cloudProviderId);
    sandbox().faults.set("server_error");
    await refreshDue("keeper");
    sandbox().faults.clearAll();
    const before = await db().event.count();
    await renewNow(ada, authorizationId);
    expect((await db().event.count()) - before).toBe(1);
    await renewNow(ada, authorizationId);
    expect((await db().event.count()) - before).toBe(1);
  });

  test("is not blamed again by whoever was paused while it was mended", async () => {
    const paused = await claimNow("paused", authorizationId);
    if (!paused) throw new Error("There is no lease.");
    await db().tokenSet.updateMany({ data: { leaseUntil: new Date(0) } });
    expect(await renewNow(ada, authorizationId)).toBe(true);
    const failure = { failureId: "AADSTS7000222", failureText: "", waitMs: 0 };
    await recordFailure(paused, {
      credentialVersion: 1,
      failure: { ...failure, state: "fix_registration" },
    });
    expect((await provider()).failureId).toBeNull();
    expect(await states()).toEqual(["connected"]);
  });
});
