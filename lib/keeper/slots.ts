import { setTimeout as sleep } from "node:timers/promises";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { restUntilWoken } from "./rest";

const SHARE = 0.25;
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
  /** The tenants that take long to answer, now or the last time, and how many slots are kept for them. */
  slow(): { tenants: string[]; reserved: number };
  /** The calls in flight, by tenant. */
  byTenant(): Map<string, number>;
  /** @param work which never fails, and says whether there was an answer */
  take(work: Promise<boolean>, what: { tenant: string; isProbe: boolean }): void;
  /** Until there is room, or that long. */
  untilRoom(ms: number, signal?: AbortSignal): Promise<void>;
  /** Until no call is in flight, or that long. @returns whether none is */
  settle(ms: number): Promise<boolean>;
};

type Call = { tenant: string; since: number };

/** The calls that a keeper has in flight, so many at a time. */
export function createSlots(atOnce: number): Slots {
  const running = new Map<Promise<void>, Call>();
  const slowTenants = new Map<string, true>();
  const quarter = Math.max(1, Math.floor(atOnce * SHARE));
  let probing = 0;
  /** Aborted when there is room again. */
  let room = new AbortController();
  const hasRoom = () => atOnce - running.size >= atOnce * SHARE;

  /** Of one without an answer the breaker knows what to think. */
  function note({ tenant, since }: Call, isAnswered: boolean): void {
    if (!isAnswered) return;
    if (elapsed() - since > SLOW_MS) keepLatest(slowTenants, [tenant, true], MOST_SLOW);
    else slowTenants.delete(tenant);
  }

  return {
    free: () => atOnce - running.size,
    hasRoom,
    freeForProbes: () => quarter - probing,
    slow() {
      const calls = [...running.values()];
      const late = calls.filter(({ since }) => elapsed() - since > SLOW_MS);
      const tenants = new Set([...slowTenants.keys(), ...late.map(({ tenant }) => tenant)]);
      const inFlight = calls.filter(({ tenant }) => tenants.has(tenant)).length;
      return { tenants: [...tenants], reserved: Math.max(0, quarter - inFlight) };
    },
    byTenant: () => countEach(running.values()),
    take(work, { tenant, isProbe }) {
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

function countEach(calls: Iterable<Call>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { tenant } of calls) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  return counts;
}
