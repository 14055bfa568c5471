import { setTimeout as sleep } from "node:timers/promises";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { restUntilWoken } from "./rest";

const REFILL_SHARE = 0.25;
/** A tenant whose answers take longer waits behind the others. */
const SLOW_MS = 2 * SECOND_MS;
const MOST_SLOW = 1_000;

export type Slots = {
  /** How many calls fit beside those in flight. */
  free(): number;
  /** Whether so many fit that it is worth a query: one for each slot would cost more than a slot that waits a moment. */
  hasRoom(): boolean;
  /** The same for calls that only find out whether someone answers again: a quarter of all, no more. */
  freeForProbes(): number;
  /** The tenants that take long to answer, now or the last time. */
  slowTenants(): string[];
  /** The calls in flight, by tenant. */
  byTenant(): Map<string, number>;
  take(work: Promise<void>, what: { tenant: string; isProbe: boolean }): void;
  /** Until there is room, or that long. */
  untilRoom(ms: number, signal?: AbortSignal): Promise<void>;
  /** Until no call is in flight, or that long. @returns whether none is */
  settle(ms: number): Promise<boolean>;
};

/** The calls that a keeper has in flight, so many at a time. */
export function createSlots(atOnce: number): Slots {
  const running = new Map<Promise<void>, { tenant: string; since: number }>();
  const slow = new Map<string, true>();
  const mostProbes = Math.max(1, Math.floor(atOnce * REFILL_SHARE));
  let probing = 0;
  /** Aborted when there is room again. */
  let room = new AbortController();
  const hasRoom = () => atOnce - running.size >= atOnce * REFILL_SHARE;
  return {
    free: () => atOnce - running.size,
    hasRoom,
    freeForProbes: () => mostProbes - probing,
    slowTenants() {
      const late = [...running.values()].filter(({ since }) => elapsed() - since > SLOW_MS);
      return [...new Set([...slow.keys(), ...late.map(({ tenant }) => tenant)])];
    },
    byTenant: () => countEach(running.values()),
    take(work, { tenant, isProbe }) {
      if (isProbe) probing += 1;
      const since = elapsed();
      const held = work.finally(() => {
        running.delete(held);
        if (elapsed() - since > SLOW_MS) keepLatest(slow, [tenant, true], MOST_SLOW);
        else slow.delete(tenant);
        if (isProbe) probing -= 1;
        if (hasRoom()) room.abort();
      });
      running.set(held, { tenant, since });
    },
    async untilRoom(ms, signal) {
      await restUntilWoken(ms, room, signal);
      // Woken once for all that ended until now, whether or not a turn in between came to filling.
      room = new AbortController();
    },
    async settle(ms) {
      await Promise.race([Promise.all(running.keys()), sleep(ms, undefined, { ref: false })]);
      return running.size === 0;
    },
  };
}

function countEach(calls: Iterable<{ tenant: string }>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { tenant } of calls) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  return counts;
}
