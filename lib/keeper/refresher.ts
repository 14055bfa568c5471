import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { type Claim, claimDue } from "@/lib/sign-ins/tokens/leases/store";
import { refreshClaimed } from "@/lib/sign-ins/tokens/refresh";
import { createBreaker } from "./breaker";
import { restUntilWoken } from "./rest";

const REFILL_SHARE = 0.25;

export type Refresher = {
  /** Starts the due renewals that fit. @returns how many were started */
  fill(): Promise<number>;
  /** Until so many calls have ended that others fit, or that long. */
  untilFree(ms: number, signal?: AbortSignal): Promise<void>;
  /** Until no call is in flight, or that long. @returns whether none is */
  settle(ms: number): Promise<boolean>;
};

/**
 * Renews due tokens, so many at a time. Slow answers of one tenant do not delay the others: slots are
 * filled as soon as a quarter of them is free. A circuit breaker leaves alone identity platforms that do not answer.
 */
export function createRefresher(keeperId: string, caps = env().refreshCaps): Refresher {
  const running = new Map<Promise<void>, string>();
  const breaker = createBreaker();
  /** Aborted when there is room again. */
  let room = new AbortController();

  // A query for each slot would cost more than a slot that waits a moment.
  const hasRoom = () => caps.atOnce - running.size >= caps.atOnce * REFILL_SHARE;

  function start(claim: Claim): void {
    const work = run(claim).finally(() => {
      running.delete(work);
      if (hasRoom()) room.abort();
    });
    running.set(work, claim.tenant);
  }

  async function run(claim: Claim): Promise<void> {
    try {
      const result = await refreshClaimed(claim);
      breaker.record(claim.cloud, result === "unanswered");
    } catch (error) {
      // The database, most likely: the row is given back when it answers again, and is due as before.
      log.error({ error, authorizationId: claim.authorizationId }, "refresh broke off");
    }
  }

  async function claim(clouds: string[], limit: number): Promise<Claim[]> {
    if (clouds.length === 0 || limit <= 0) return [];
    const busy = countEach(running.values());
    return claimDue(keeperId, { limit, perTenant: caps.perTenant, busy, clouds });
  }

  async function fill(): Promise<number> {
    if (!hasRoom()) return 0;
    const clouds = configuredClouds().map(({ id }) => id);
    const closed = clouds.filter((cloud) => !breaker.isOpen(cloud));
    const claims = await claim(closed, caps.atOnce - running.size);
    for (const cloud of clouds)
      if (breaker.takeProbe(cloud)) claims.push(...(await claim([cloud], 1)));
    for (const each of claims) start(each);
    return claims.length;
  }

  async function settle(ms: number): Promise<boolean> {
    await Promise.race([Promise.all(running.keys()), sleep(ms, undefined, { ref: false })]);
    return running.size === 0;
  }

  async function untilFree(ms: number, signal?: AbortSignal): Promise<void> {
    await restUntilWoken(ms, room, signal);
    // Woken once for all that ended until now, whether or not a turn in between came to filling.
    room = new AbortController();
  }

  return { fill, untilFree, settle };
}

function countEach(tenants: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tenant of tenants) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  return counts;
}
