import { setTimeout as sleep } from "node:timers/promises";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { restUntilWoken } from "./loop";

const SHARE = 0.25;
const SLOW_MS = 2 * SECOND_MS;
const MOST_SLOW = 1_000;

type Call = { tenant: string; since: number };

export function createSlots(atOnce: number) {
  const running = new Map<Promise<void>, Call>();
  const slowTenants = new Map<string, true>();
  const quarter = Math.max(1, Math.floor(atOnce * SHARE));
  let probing = 0;
  let room = new AbortController();
  const hasRoom = () => atOnce - running.size >= atOnce * SHARE;

  /** Without an answer, the breaker decides. */
  function note({ tenant, since }: Call, isAnswered: boolean): void {
    if (!isAnswered) return;
    if (elapsed() - since > SLOW_MS) keepLatest(slowTenants, [tenant, true], MOST_SLOW);
    else slowTenants.delete(tenant);
  }

  return {
    free: () => atOnce - running.size,
    /** One query per slot would cost more than a short wait. */
    hasRoom,
    freeForProbes: () => quarter - probing,
    /** Now or last time, and the slots kept for them. */
    slow() {
      const calls = [...running.values()];
      const late = calls.filter(({ since }) => elapsed() - since > SLOW_MS);
      const tenants = new Set([...slowTenants.keys(), ...late.map(({ tenant }) => tenant)]);
      const inFlight = calls.filter(({ tenant }) => tenants.has(tenant)).length;
      return { tenants: [...tenants], reserved: Math.max(0, quarter - inFlight) };
    },
    byTenant: () => countEach(running.values()),
    /** @param work never rejects; true if answered */
    take(work: Promise<boolean>, { tenant, isProbe }: { tenant: string; isProbe: boolean }) {
      const call = { tenant, since: elapsed() };
      if (isProbe) probing += 1;
      const held = work.then((isAnswered) => {
        running.delete(held);
        if (isProbe) probing -= 1;
        note(call, isAnswered);
        if (hasRoom()) room.abort();
      });
      running.set(held, call);
    },
    async untilRoom(ms: number, signal?: AbortSignal) {
      await restUntilWoken(ms, room, signal);
      // One wake-up for all that ended.
      room = new AbortController();
    },
    async settle(ms: number) {
      await Promise.race([Promise.all(running.keys()), sleep(ms, undefined, { ref: false })]);
      return running.size === 0;
    },
  };
}

function countEach(calls: Iterable<Call>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { tenant } of calls) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  return counts;
}
