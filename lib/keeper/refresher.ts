import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { type Claim, type ClaimLimits, claimDue } from "@/lib/sign-ins/tokens/leases/store";
import { refreshClaimed } from "@/lib/sign-ins/tokens/refresh";
import { createBreaker } from "./breaker";
import { restUntilWoken } from "./rest";

const REFILL_SHARE = 0.25;
const NONE_BUSY: ReadonlyMap<string, number> = new Map();

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
 * filled as soon as a quarter of them is free. A circuit breaker leaves alone tenants, and identity platforms, that do
 * not answer; what finds out whether they do again takes a quarter of the slots at the most.
 */
export function createRefresher(keeperId: string, caps = env().refreshCaps): Refresher {
  const running = new Map<Promise<void>, string>();
  const mostProbes = Math.max(1, Math.floor(caps.atOnce * REFILL_SHARE));
  let probing = 0;
  const breaker = createBreaker();
  /** Aborted when there is room again. */
  let room = new AbortController();

  // A query for each slot would cost more than a slot that waits a moment.
  const hasRoom = () => caps.atOnce - running.size >= caps.atOnce * REFILL_SHARE;

  function start(claim: Claim, { isProbe }: { isProbe: boolean }): void {
    if (isProbe) probing += 1;
    const work = run(claim).finally(() => {
      running.delete(work);
      if (isProbe) probing -= 1;
      if (hasRoom()) room.abort();
    });
    running.set(work, claim.tenant);
  }

  async function run(claim: Claim): Promise<void> {
    try {
      const result = await refreshClaimed(claim);
      breaker.record(claim, result === "unanswered");
    } catch (error) {
      // The database, most likely: the row is given back when it answers again, and is due as before.
      log.error({ error, authorizationId: claim.authorizationId }, "refresh broke off");
    }
  }

  async function claim(limits: Pick<ClaimLimits, "limit" | "without" | "only">): Promise<Claim[]> {
    const clouds = configuredClouds().map(({ id }) => id);
    if (clouds.length === 0 || limits.limit <= 0) return [];
    // One call is enough to find out whether a tenant answers, however many are in flight.
    const perTenant = limits.only ? 1 : caps.perTenant;
    const busy = limits.only ? NONE_BUSY : countEach(running.values());
    return claimDue(keeperId, { ...limits, perTenant, busy, clouds });
  }

  async function probe(limits: Pick<ClaimLimits, "only" | "without"> & { most: number }) {
    const limit = Math.min(limits.most, mostProbes - probing);
    const claims = await claim({ ...limits, limit });
    for (const each of claims) start(each, { isProbe: true });
    return claims.length;
  }

  /** Of a platform that answers none, tenants that have not failed first. */
  async function startProbes(): Promise<number> {
    let started = 0;
    for (const { authority, doubted: tenants } of breaker.takePlatformProbes()) {
      const only = { authority };
      const others = await probe({ only, without: { tenants }, most: mostProbes });
      started += others > 0 ? others : await probe({ only, most: 1 });
    }
    for (const tenant of breaker.takeTenantProbes(mostProbes - probing))
      started += await probe({ only: { tenant }, most: 1 });
    return started;
  }

  async function fill(): Promise<number> {
    if (!hasRoom()) return 0;
    const probes = await startProbes();
    const limit = caps.atOnce - running.size;
    const claims = await claim({ limit, without: breaker.leftAlone() });
    for (const each of claims) start(each, { isProbe: false });
    return probes + claims.length;
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
