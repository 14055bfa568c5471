import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { type Claim, type ClaimLimits, claimDue } from "@/lib/sign-ins/tokens/leases/store";
import { refreshClaimed } from "@/lib/sign-ins/tokens/refresh";
import { createBreaker } from "./breaker";
import { createSlots } from "./slots";

const NONE_BUSY: ReadonlyMap<string, number> = new Map();

export type Refresher = {
  /** Starts the due renewals that fit. @returns how many were started */
  fill(): Promise<number>;
  /** Until so many calls have ended that others fit, or that long. */
  untilFree(ms: number, signal?: AbortSignal): Promise<void>;
  /** Until no call is in flight, or that long. @returns whether none is */
  settle(ms: number): Promise<boolean>;
};

type Asked = Pick<ClaimLimits, "limit" | "without" | "only">;

/**
 * Renews due tokens, so many at a time. Slow answers of some tenants do not keep the others waiting: slots are
 * filled as soon as a quarter of them is free, and with tenants that answer at once first. A circuit breaker leaves alone tenants, and identity platforms, that do
 * not answer; what finds out whether they do again takes at most a quarter of the slots.
 */
export function createRefresher(keeperId: string, caps = env().refreshCaps): Refresher {
  const slots = createSlots(caps.atOnce);
  const breaker = createBreaker();

  async function run(claim: Claim): Promise<void> {
    try {
      const result = await refreshClaimed(claim);
      breaker.record(claim, result === "unanswered");
    } catch (error) {
      // The database, most likely: the row is given back when it answers again, and is due as before.
      log.error({ error, authorizationId: claim.authorizationId }, "refresh broke off");
    }
  }

  /** @returns how many were due, and are started */
  async function start({ limit, ...asked }: Asked): Promise<number> {
    const clouds = configuredClouds().map(({ id }) => id);
    if (clouds.length === 0 || limit <= 0) return 0;
    const isProbe = asked.only !== undefined;
    // One call is enough to find out whether a tenant answers, however many are in flight.
    const ofTenants = isProbe
      ? { perTenant: 1, busy: NONE_BUSY }
      : { perTenant: caps.perTenant, busy: slots.byTenant() };
    const claims = await claimDue(keeperId, { ...asked, ...ofTenants, limit, clouds });
    for (const claim of claims) slots.take(run(claim), { tenant: claim.tenant, isProbe });
    return claims.length;
  }

  /** Of a platform that answers none, tenants that have not failed first. */
  async function startProbes(): Promise<number> {
    let started = 0;
    for (const { authority, doubted: tenants } of breaker.takePlatformProbes()) {
      const limit = slots.freeForProbes();
      const others = await start({ limit, only: { authority }, without: { tenants } });
      started += others || (await start({ limit: Math.min(limit, 1), only: { authority } }));
    }
    for (const tenant of breaker.takeTenantProbes(slots.freeForProbes()))
      started += await start({ limit: 1, only: { tenant } });
    return started;
  }

  async function fill(): Promise<number> {
    if (!slots.hasRoom()) return 0;
    let started = await startProbes();
    const { tenants, authorities } = breaker.leftAlone();
    const slow = slots.slowTenants();
    // Whoever answers at once is not to wait behind those who take long, however long these are due.
    if (slow.length > 0) {
      const without = { tenants: [...tenants, ...slow], authorities };
      started += await start({ limit: slots.free(), without });
    }
    return started + (await start({ limit: slots.free(), without: { tenants, authorities } }));
  }

  return { fill, untilFree: slots.untilRoom, settle: slots.settle };
}
