import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import type { TokenSet } from "@/lib/oauth/service";
import { updateClientSecret } from "@/lib/registrations/change-credential";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { administrator } from "@/lib/testing/actors";
import { either } from "@/lib/testing/long";
import { addSecret, tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount, freshAccount } from "@/lib/testing/sign-in";
import {
  letExpire,
  letRetryNow,
  openedAccessToken,
  refreshDue,
  tokenRow,
} from "@/lib/testing/tokens";
import { type Claim, claimDue, claimOne, releaseClaim, releaseLeases } from "./leases/store";
import { recordFailure, saveRefreshed, saveRefreshedAlone } from "./mutations";
import { refreshClaimed } from "./refresh";
import type { Failure } from "./store";

const sandbox = withInstallation();
const ada = administrator();
beforeEach(() => db().tokenSet.deleteMany());
const account = freshAccount(ada, sandbox);

const requests = () => tokenRequests(sandbox(), "refresh_token");
const row = () => tokenRow(account.cloudProviderId);

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

const save = (claimed: Claim, accessToken: string, credentialVersion = 1) =>
  saveRefreshed(db(), claimed, { credentialVersion, tokens: tokens(accessToken) });

function refusal(failure: Pick<Failure, "failureId" | "state">) {
  const rest = { failureText: "", waitMs: 0 };
  return { credentialVersion: 1, failure: { ...failure, ...rest } };
}

describe("the lease", () => {
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
    expect(await save(next, "from-next")).toBe(true);
    const kept = await row();
    expect(await save(paused, "from-paused")).toBe(false);
    await recordFailure(paused, refusal({ failureId: "AADSTS50173", state: "sign_in_again" }));
    expect(await row()).toEqual(kept);
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
    expect(await save(faster, "new")).toBe(true);
    expect(await claimOne("late", readBefore)).toBeNull();
    expect(await claimOne("late", readMeanwhile)).toBeNull();
    expect(await claimOne("late", await row())).not.toBeNull();
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
      cloudProviderId: account.cloudProviderId,
      clientSecret: await addSecret(sandbox()),
      secretExpiresOn: isoDay(6),
    });

  test("drops what was fetched with the old one", async () => {
    const claimed = await claim("keeper");
    await replaceSecret();
    expect(await save(claimed, "old-secret", 1)).toBe(false);
    expect(await save(claimed, "new-secret", 2)).toBe(true);
  });

  test("keeps the old one's refusal from the provider, and is tried again at once", async () => {
    const claimed = await claim("keeper");
    await replaceSecret();
    const failure = refusal({ failureId: "AADSTS7000222", state: "fix_registration" });
    await recordFailure(claimed, failure);
    const where = { id: account.cloudProviderId };
    const provider = await db().cloudProvider.findUniqueOrThrow({ where });
    expect(provider.failureId).toBeNull();
    const { state, refreshDueAt } = await row();
    expect(state).toBe("retrying");
    expect(refreshDueAt.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

test.each(["grant_revoked", "secret_expired"])(
  "the keeper leaves alone what needs a person: %s",
  async (fault) => {
    await letExpire(account.cloudProviderId);
    sandbox().faults.set(fault);
    expect(await refreshDue("keeper")).toBe(1);
    await letRetryNow(account.cloudProviderId);
    const before = requests();
    expect(await refreshDue("keeper")).toBe(0);
    expect(requests()).toBe(before);
  },
);

describe("the model of a lease", () => {
  const OWNERS = ["one", "two", "three"] as const;
  type Owner = (typeof OWNERS)[number];

  /** What may happen to a row, in any order: also what should not, such as a save long after. */
  const step = fc.record({
    does: fc.constantFrom(
      ...(["claim due", "claim it", "save", "fail", "release"] as const),
      ...(["the lease ends", "it falls due", "somebody signs in"] as const),
    ),
    by: fc.constantFrom(...OWNERS),
  });

  const failure = {
    state: "retrying" as const,
    failureId: "postkey.identity_platform_unavailable",
    failureText: "",
    waitMs: 0,
  };

  /** Who may save: the last process to claim, as long as nothing else happened to the row since. */
  function createModel() {
    const claims = new Map<Owner, Claim>();
    let holder: Owner | null = null;
    let isLeased = false;
    let stored: string | null = null;
    let count = 0;

    function claimed(by: Owner, claim: Claim | null | undefined): void {
      if (isLeased) expect(claim ?? null).toBeNull();
      if (!claim) return;
      claims.set(by, claim);
      holder = by;
      isLeased = true;
    }

    /** After a result of the holder the row is free. */
    function expectTaken(isTaken: boolean, by: Owner): void {
      expect(isTaken).toBe(holder === by);
      if (!isTaken) return;
      claims.delete(by);
      holder = null;
      isLeased = false;
    }

    const steps = {
      "claim due": async (by: Owner) => {
        const limits = { limit: 5, perTenant: 5, busy: new Map(), clouds: ["sandbox"] };
        claimed(by, (await claimDue(by, limits))[0]);
      },
      "claim it": async (by: Owner) => claimed(by, await claimOne(by, await row())),
      save: async (by: Owner) => {
        const claim = claims.get(by);
        if (!claim) return;
        count += 1;
        const accessToken = `${by}-${count}`;
        const renewed = { credentialVersion: 1, tokens: tokens(accessToken) };
        const isSaved = await saveRefreshedAlone(claim, renewed);
        if (isSaved) stored = accessToken;
        expectTaken(isSaved, by);
      },
      fail: async (by: Owner) => {
        const claim = claims.get(by);
        if (!claim) return;
        const { failures } = await row();
        await recordFailure(claim, { credentialVersion: 1, failure });
        expectTaken((await row()).failures > failures, by);
      },
      release: async (by: Owner) => {
        const claim = claims.get(by);
        if (claim) await releaseClaim(claim);
        if (holder === by) isLeased = false;
      },
      "the lease ends": async () => {
        await db().$executeRaw`UPDATE "TokenSet" SET "leaseUntil" = now() - interval '1 s'
        WHERE "leaseUntil" IS NOT NULL`;
        isLeased = false;
      },
      "it falls due": async () => {
        await db().$executeRaw`UPDATE "TokenSet" SET "refreshDueAt" = now() - interval '1 s'`;
      },
      "somebody signs in": async () => {
        // As saveSignedIn does it: the fence grows, so that a process that renews the old one is late.
        await db().$executeRaw`UPDATE "TokenSet" SET fence = fence + 1, "leaseOwner" = NULL,
        "leaseUntil" = NULL, state = 'connected', failures = 0`;
        holder = null;
        isLeased = false;
      },
    };

    async function check(): Promise<void> {
      const { leaseUntil } = await row();
      if (stored !== null) expect(await openedAccessToken(account.cloudProviderId)).toBe(stored);
      expect(leaseUntil !== null && leaseUntil > new Date()).toBe(isLeased);
    }

    return { steps, check };
  }

  test("in any order of events only the last holder saves, and nobody gets a row that is held", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 25 }), async (steps) => {
        await db().$executeRaw`UPDATE "TokenSet" SET fence = 0, "leaseOwner" = NULL,
        "leaseUntil" = NULL, state = 'connected', failures = 0, "refreshDueAt" = now()`;
        const model = createModel();
        for (const each of steps) {
          await model.steps[each.does](each.by);
          await model.check();
        }
      }),
      { numRuns: either({ short: 10, long: 100 }) },
    );
  }, 120_000);
});
