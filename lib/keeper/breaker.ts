import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";

const CONSECUTIVE = 5;
const SHARE = 0.5;
const SHARE_OF_AT_LEAST = 20;
const WINDOW_S = MINUTE_MS / SECOND_MS;
const PROBE_EVERY_MS = 30 * SECOND_MS;
/** So many tenants without an answer in between are not to blame themselves. */
const TENANTS_OF_AN_OUTAGE = 5;

/** Who was asked: a tenant of one platform, and that platform. Each tenant is of one authority. */
export type Asked = { tenant: string; authority: string };

type TenantCircuit = {
  authority: string;
  /** What the last minute came to, by the second: a list of all calls would cost more than the calls. */
  seconds: { second: number; calls: number; failures: number }[];
  consecutive: number;
  /** When the next single call may find out whether it answers again; null while it is asked as usual. */
  probeAt: number | null;
};

type PlatformCircuit = {
  /** The tenants that failed since the last answer to any. */
  failed: Set<string>;
  probeAt: number | null;
};

/** @param doubted the tenants that failed there: another one says more about the platform */
export type PlatformProbe = { authority: string; doubted: readonly string[] };

export type Breaker = {
  /** What a call came to. The platform's refusals are answers. */
  record(asked: Asked, isFailure: boolean): void;
  /** Who is not asked now, but for probes. */
  leftAlone(): { tenants: string[]; authorities: string[] };
  /** The platforms that may be asked now to find out whether they answer; again half a minute later. */
  takePlatformProbes(): PlatformProbe[];
  /** The same for tenants of platforms that answer: as many as that, who waited longest first. */
  takeTenantProbes(most: number): string[];
  /** Of whom nothing is due no one is held back: they are asked as usual when something is. */
  forgetTenant(tenant: string): void;
  forgetPlatform(authority: string): void;
};

/**
 * A circuit breaker for each tenant: after five failures in a row, or half of at least 20 calls in a
 * minute, it is left alone but for one call each 30 s; the first that is answered closes it. What one
 * tenant fails with says nothing of the others. So a platform is left alone as a whole only when five of its
 * tenants failed and none was answered, and is then asked first about tenants that have not failed. It only
 * decides whom to ask: it changes no one's state.
 */
export function createBreaker(now: () => number = elapsed): Breaker {
  const tenants = new Map<string, TenantCircuit>();
  const platforms = new Map<string, PlatformCircuit>();
  const isDue = ({ probeAt }: { probeAt: number | null }) => probeAt !== null && probeAt <= now();
  const isLeftAlone = (authority: string) => (platforms.get(authority)?.probeAt ?? null) !== null;

  function recordTenant({ tenant, authority }: Asked, isFailure: boolean): void {
    const known = tenants.get(tenant);
    // Of one that answers as it should there is nothing to remember, but the share of its failures.
    if (!isFailure && (!known || known.probeAt !== null)) return void tenants.delete(tenant);
    const circuit = known ?? { authority, seconds: [], consecutive: 0, probeAt: null };
    tenants.set(tenant, circuit);
    count(circuit, { now: now(), isFailure });
    circuit.consecutive = isFailure ? circuit.consecutive + 1 : 0;
    if (circuit.seconds.every(({ failures }) => failures === 0)) return void tenants.delete(tenant);
    if (circuit.probeAt === null && isTooMuch(circuit)) circuit.probeAt = now() + PROBE_EVERY_MS;
  }

  function recordPlatform({ tenant, authority }: Asked, isFailure: boolean): void {
    if (!isFailure) return void platforms.delete(authority);
    const circuit = platforms.get(authority) ?? { failed: new Set<string>(), probeAt: null };
    platforms.set(authority, circuit);
    circuit.failed.add(tenant);
    if (circuit.probeAt === null && circuit.failed.size >= TENANTS_OF_AN_OUTAGE)
      circuit.probeAt = now() + PROBE_EVERY_MS;
  }

  return {
    record(asked, isFailure) {
      recordTenant(asked, isFailure);
      recordPlatform(asked, isFailure);
    },
    leftAlone: () => ({
      tenants: [...tenants].filter(([, { probeAt }]) => probeAt !== null).map(([key]) => key),
      authorities: [...platforms.keys()].filter(isLeftAlone),
    }),
    takePlatformProbes() {
      const due = [...platforms].filter(([, circuit]) => isDue(circuit));
      for (const [, circuit] of due) circuit.probeAt = now() + PROBE_EVERY_MS;
      return due.map(([authority, { failed }]) => ({ authority, doubted: [...failed] }));
    },
    takeTenantProbes(most) {
      const due = [...tenants]
        .filter(([, circuit]) => isDue(circuit) && !isLeftAlone(circuit.authority))
        .sort(([, one], [, other]) => (one.probeAt ?? 0) - (other.probeAt ?? 0))
        .slice(0, Math.max(0, most));
      for (const [, circuit] of due) circuit.probeAt = now() + PROBE_EVERY_MS;
      return due.map(([tenant]) => tenant);
    },
    forgetTenant: (tenant) => void tenants.delete(tenant),
    forgetPlatform: (authority) => void platforms.delete(authority),
  };
}

function count({ seconds }: TenantCircuit, call: { now: number; isFailure: boolean }): void {
  const second = Math.floor(call.now / SECOND_MS);
  while (seconds[0] && seconds[0].second <= second - WINDOW_S) seconds.shift();
  const last = seconds.at(-1);
  const current = last?.second === second ? last : { second, calls: 0, failures: 0 };
  if (current !== last) seconds.push(current);
  current.calls += 1;
  if (call.isFailure) current.failures += 1;
}

function isTooMuch({ seconds, consecutive }: TenantCircuit): boolean {
  if (consecutive >= CONSECUTIVE) return true;
  const sum = (key: "calls" | "failures") => seconds.reduce((total, each) => total + each[key], 0);
  return sum("calls") >= SHARE_OF_AT_LEAST && sum("failures") >= sum("calls") * SHARE;
}
