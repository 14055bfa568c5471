import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import type { TokenSet } from "@/lib/oauth/service";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { openedAccessToken, tokenRow } from "@/lib/testing/tokens";
import { type Claim, claimDue, claimOne, releaseClaim } from "./leases/store";
import { recordFailure } from "./mutations";
import { saveRefreshedAlone } from "./renewals/store";

const sandbox = withInstallation();
let cloudProviderId: string;

beforeAll(async () => {
  ({ cloudProviderId } = await connectedAccount(administrator(), sandbox()));
});

const row = () => tokenRow(cloudProviderId);
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

const tokens = (accessToken: string): TokenSet => ({
  accessToken,
  expiresAt: new Date(Date.now() + HOUR_MS),
  scopes: [],
  idToken: "",
  cache: "{}",
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
    if (stored !== null) expect(await openedAccessToken(cloudProviderId)).toBe(stored);
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
    { numRuns: 100 },
  );
}, 120_000);
