import { beforeEach, describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import type { TokenSet } from "@/lib/oauth/service";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { updateClientSecret } from "@/lib/registrations/update-client-secret";
import { administrator } from "@/lib/testing/actors";
import { addSecret, tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, letRetryNow, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { type Claim, claimDue, claimOne, releaseLeases } from "./leases/store";
import { recordFailure } from "./mutations";
import { refreshClaimed } from "./refresh";
import { saveRefreshed } from "./renewals/store";
import type { Failure } from "./store";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;

beforeEach(async () => {
  await db().tokenSet.deleteMany();
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
});

const requests = () => tokenRequests(sandbox(), "refresh_token");
const row = () => tokenRow(cloudProviderId);

async function claim(owner: string): Promise<Claim> {
  const claimed = await claimOne(owner, await row());
  if (!claimed) throw new Error(`${owner} got no lease.`);
  return claimed;
}

/** As if the holder had been paused for longer than its lease. */
async function endLease(): Promise<void> {
  await db().tokenSet.updateMany({ data: { leaseUntil: new Date(Date.now() - MINUTE_MS) } });
}

const tokens = (accessToken: string): TokenSet => ({
  accessToken,
  expiresAt: new Date(Date.now() + HOUR_MS),
  scopes: [],
  idToken: "",
  cache: "{}",
});

function refusal(failure: Pick<Failure, "failureId" | "state">) {
  const rest = { failureText: "", waitMs: 0 };
  return { credentialVersion: 1, failure: { ...failure, ...rest } };
}

describe("the lease", () => {
  test("is given to one of many who ask at once", async () => {
    const free = await row();
    const owners = Array.from({ length: 20 }, (_, index) => claimOne(`owner-${index}`, free));
    const claims = (await Promise.all(owners)).filter((each) => each !== null);
    expect(claims).toHaveLength(1);
  });

  test("is never given for one row to two keepers", async () => {
    for (let index = 0; index < 4; index += 1) await connectedAccount(ada, sandbox());
    await db().tokenSet.updateMany({ data: { refreshDueAt: new Date(0) } });
    const limits = { limit: 3, perTenant: 3, busy: new Map(), clouds: ["sandbox"] };
    const ids: string[] = [];
    // Who looks at a row while another one looks at it passes it by, and finds it the next time.
    for (let found = -1; found !== ids.length; ) {
      found = ids.length;
      const claimed = [1, 2, 3].map((keeper) => claimDue(`keeper-${keeper}`, limits));
      ids.push(...(await Promise.all(claimed)).flat().map((each) => each.authorizationId));
    }
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });

  test("passes on when it ran out, and what the paused holder saves afterwards is dropped", async () => {
    const paused = await claim("paused");
    await endLease();
    const next = await claim("next");
    expect(next.fence).toBe(paused.fence + 1);
    expect(
      await saveRefreshed(db(), next, { credentialVersion: 1, tokens: tokens("from-next") }),
    ).toBe(true);
    const kept = await tokenRow(cloudProviderId);
    expect(
      await saveRefreshed(db(), paused, { credentialVersion: 1, tokens: tokens("from-paused") }),
    ).toBe(false);
    await recordFailure(paused, refusal({ failureId: "AADSTS50173", state: "sign_in_again" }));
    expect(await tokenRow(cloudProviderId)).toEqual(kept);
  });

  test("is given back unused by a holder that was paused before it asked for tokens", async () => {
    const before = await requests();
    const paused = { ...(await claim("paused")), ageMs: () => MINUTE_MS };
    expect(await refreshClaimed(paused)).toBe("superseded");
    expect(await requests()).toEqual(before);
    expect(await claimOne("next", await row())).not.toBeNull();
  });

  test("is not given to whoever read the row before it was renewed", async () => {
    const readBefore = await row();
    const faster = await claim("faster");
    const readMeanwhile = await row();
    expect(await saveRefreshed(db(), faster, { credentialVersion: 1, tokens: tokens("new") })).toBe(
      true,
    );
    expect(await claimOne("late", readBefore)).toBeNull();
    expect(await claimOne("late", readMeanwhile)).toBeNull();
    expect(await claimOne("late", await row())).not.toBeNull();
  });

  test("is void when somebody signs in meanwhile", async () => {
    const paused = await claim("paused");
    await db().tokenSet.updateMany({ data: { fence: { increment: 1 } } });
    expect(
      await saveRefreshed(db(), paused, { credentialVersion: 1, tokens: tokens("late") }),
    ).toBe(false);
  });

  test("ends with its owner", async () => {
    await claim("stopping");
    expect(await claimOne("other", await row())).toBeNull();
    await releaseLeases("stopping");
    expect(await claimOne("other", await row())).not.toBeNull();
  });
});

describe("a secret that is replaced during a refresh", () => {
  const replaceSecret = async () =>
    updateClientSecret(ada, {
      cloudProviderId,
      clientSecret: await addSecret(sandbox()),
      secretExpiresOn: isoDay(6),
    });

  test("drops what was fetched with the old one", async () => {
    const claimed = await claim("keeper");
    await replaceSecret();
    expect(
      await saveRefreshed(db(), claimed, { credentialVersion: 1, tokens: tokens("old-secret") }),
    ).toBe(false);
    expect(
      await saveRefreshed(db(), claimed, { credentialVersion: 2, tokens: tokens("new-secret") }),
    ).toBe(true);
  });

  test("keeps the old one's refusal from the provider, and is tried again at once", async () => {
    const claimed = await claim("keeper");
    await replaceSecret();
    const failure = refusal({ failureId: "AADSTS7000222", state: "fix_registration" });
    await recordFailure(claimed, failure);
    const provider = await db().cloudProvider.findUniqueOrThrow({ where: { id: cloudProviderId } });
    expect(provider.failureId).toBeNull();
    const row = await tokenRow(cloudProviderId);
    expect(row.state).toBe("retrying");
    expect(row.refreshDueAt.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

describe("the keeper", () => {
  test("renews what is due, and leaves the rest alone", async () => {
    expect(await refreshDue("keeper")).toBe(0);
    await letExpire(cloudProviderId, 10 * MINUTE_MS);
    const before = requests();
    expect(await refreshDue("keeper")).toBe(1);
    expect(requests() - before).toBe(1);
    const row = await tokenRow(cloudProviderId);
    expect(row).toMatchObject({ state: "connected", failures: 0, leaseOwner: null });
    expect(row.refreshDueAt.getTime()).toBeGreaterThan(Date.now() + 30 * MINUTE_MS);
  });

  test("tries again what passes by itself, when the server said so", async () => {
    await letExpire(cloudProviderId, 10 * MINUTE_MS);
    sandbox().faults.set("throttled", { seconds: 300 });
    await refreshDue("keeper");
    const row = await tokenRow(cloudProviderId);
    expect(row.refreshDueAt.getTime() - Date.now()).toBeGreaterThan(290_000);
    expect(await refreshDue("keeper")).toBe(0);
    sandbox().faults.clearAll();
    await letRetryNow(cloudProviderId);
    expect(await refreshDue("keeper")).toBe(1);
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
  });

  test.each(["grant_revoked", "secret_expired"])(
    "leaves alone what needs a person: %s",
    async (fault) => {
      await letExpire(cloudProviderId);
      sandbox().faults.set(fault);
      expect(await refreshDue("keeper")).toBe(1);
      await letRetryNow(cloudProviderId);
      const before = requests();
      expect(await refreshDue("keeper")).toBe(0);
      expect(requests()).toBe(before);
    },
  );

  test("tells open pages of a failure once, not at each attempt", async () => {
    const notices = () => db().event.count({ where: { type: "cloud_provider" } });
    await letExpire(cloudProviderId);
    sandbox().faults.set("server_error");
    const before = await notices();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await refreshDue("keeper");
      await letRetryNow(cloudProviderId);
    }
    expect((await notices()) - before).toBe(1);
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "retrying", failures: 3 });
  });
});
