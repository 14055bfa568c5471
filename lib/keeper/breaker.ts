import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";

const CONSECUTIVE = 5;
const SHARE = 0.5;
const SHARE_OF_AT_LEAST = 20;
const WINDOW_S = MINUTE_MS / SECOND_MS;
const PROBE_EVERY_MS = 30 * SECOND_MS;
/** That many are not to blame themselves. */
const TENANTS_OF_AN_OUTAGE = 5;
const PATIENT_MS = 10 * MINUTE_MS;
const MOST_PATIENCE = 64;

export type Asked = { tenant: string; authority: string };

type Circuit = {
  /** Null while asked as usual. */
  probeAt: number | null;
  /** Multiplier of the failures needed, and its end. */
  patience: number;
  patientUntil: number;
};

type TenantCircuit = Circuit & {
  authority: string;
  /** Per second: a list of calls would cost more than the calls. */
  seconds: { second: number; calls: number; failures: number }[];
  consecutive: number;
};

type PlatformCircuit = Circuit & {
  /** Since the last answer to any. */
  failed: Set<string>;
};

/** @param doubted tenants that fail; others say more about the platform */
export type PlatformProbe = { authority: string; doubted: readonly string[] };

/**
 * A tenant is left alone after five failures in a row, or half of at least 20 calls in a minute,
 * but for one probe each 30 s; an answer closes it. A platform is left alone when five tenants
 * failed and none was answered, and is probed with tenants that have not failed. An answered probe
 * means that only a part fails: for ten minutes twice as many failures are needed each time, so
 * that the rest does not wait.
 */
export class Breaker {
  readonly #tenants = new Map<string, TenantCircuit>();
  readonly #platforms = new Map<string, PlatformCircuit>();
  readonly #now: () => number;

  constructor(now: () => number = elapsed) {
    this.#now = now;
  }

  /** Refusals by the platform are answers. */
  record(asked: Asked, isFailure: boolean): void {
    const isKnown = isFailure && isLeftAlone(this.#tenants.get(asked.tenant));
    this.#recordTenant(asked, isFailure);
    if (!isKnown) this.#recordPlatform(asked, isFailure);
  }

  /** Except for probes. */
  leftAlone(): { tenants: string[]; authorities: string[] } {
    return { tenants: keysLeftAlone(this.#tenants), authorities: keysLeftAlone(this.#platforms) };
  }

  /** Due for a probe; again after half a minute. */
  takePlatformProbes(): PlatformProbe[] {
    const due = [...this.#platforms].filter(([, circuit]) => this.#isDue(circuit));
    for (const [, circuit] of due) circuit.probeAt = this.#now() + PROBE_EVERY_MS;
    return due.map(([authority, { failed }]) => ({
      authority,
      doubted: this.#doubtedAt(authority, failed),
    }));
  }

  /** Longest waiting first, at platforms that answer. */
  takeTenantProbes(most: number): string[] {
    for (const [tenant, circuit] of this.#tenants)
      if (this.#isForgotten(circuit)) this.#tenants.delete(tenant);
    const due = [...this.#tenants]
      .filter(([, each]) => this.#isDue(each) && !isLeftAlone(this.#platforms.get(each.authority)))
      .sort(([, one], [, other]) => (one.probeAt ?? 0) - (other.probeAt ?? 0))
      .slice(0, Math.max(0, most));
    for (const [, circuit] of due) circuit.probeAt = this.#now() + PROBE_EVERY_MS;
    return due.map(([tenant]) => tenant);
  }

  /** Nothing is due, so no one waits. */
  forgetTenant(tenant: string): void {
    const circuit = this.#tenants.get(tenant);
    if (circuit) Object.assign(circuit, { probeAt: null, seconds: [], consecutive: 0 });
  }

  forgetPlatform(authority: string): void {
    const circuit = this.#platforms.get(authority);
    if (circuit) Object.assign(circuit, { probeAt: null, failed: new Set<string>() });
  }

  #recordTenant({ tenant, authority }: Asked, isFailure: boolean): void {
    const unknown = { ...AS_USUAL, authority, seconds: [], consecutive: 0 };
    const circuit: TenantCircuit = this.#tenants.get(tenant) ?? unknown;
    if (!isFailure && this.#askAsUsual(circuit)) circuit.seconds = [];
    count(circuit, { now: this.#now(), isFailure });
    circuit.consecutive = isFailure ? circuit.consecutive + 1 : 0;
    if (isTooMuch(circuit, this.#patienceWith(circuit))) this.#leaveAlone(circuit);
    if (this.#isForgotten(circuit)) this.#tenants.delete(tenant);
    else this.#tenants.set(tenant, circuit);
  }

  #recordPlatform({ tenant, authority }: Asked, isFailure: boolean): void {
    const unknown = { ...AS_USUAL, failed: new Set<string>() };
    const circuit: PlatformCircuit = this.#platforms.get(authority) ?? unknown;
    this.#platforms.set(authority, circuit);
    if (isFailure) circuit.failed.add(tenant);
    else {
      this.#askAsUsual(circuit);
      circuit.failed.clear();
    }
    if (circuit.failed.size >= TENANTS_OF_AN_OUTAGE * this.#patienceWith(circuit))
      this.#leaveAlone(circuit);
  }

  /** Tenants that fail, or are known to. */
  #doubtedAt(authority: string, failed: ReadonlySet<string>): string[] {
    const known = [...this.#tenants].filter(
      ([, circuit]) => circuit.authority === authority && isLeftAlone(circuit),
    );
    return [...new Set([...failed, ...known.map(([tenant]) => tenant)])];
  }

  #leaveAlone(circuit: Circuit): void {
    circuit.probeAt ??= this.#now() + PROBE_EVERY_MS;
  }

  /** @returns whether it was left alone */
  #askAsUsual(circuit: Circuit): boolean {
    if (circuit.probeAt === null) return false;
    circuit.patience = Math.min(2 * this.#patienceWith(circuit), MOST_PATIENCE);
    circuit.patientUntil = this.#now() + PATIENT_MS;
    circuit.probeAt = null;
    return true;
  }

  #patienceWith({ patience, patientUntil }: Circuit): number {
    return this.#now() < patientUntil ? patience : 1;
  }

  #isForgotten({ probeAt, patientUntil, seconds }: TenantCircuit): boolean {
    const now = this.#now();
    if (probeAt !== null || now < patientUntil) return false;
    const from = Math.floor(now / SECOND_MS) - WINDOW_S;
    return seconds.every(({ second, failures }) => failures === 0 || second <= from);
  }

  #isDue({ probeAt }: Circuit): boolean {
    return probeAt !== null && probeAt <= this.#now();
  }
}

const AS_USUAL: Readonly<Circuit> = { probeAt: null, patience: 1, patientUntil: 0 };

function isLeftAlone(circuit: Circuit | undefined): boolean {
  return (circuit?.probeAt ?? null) !== null;
}

function keysLeftAlone(circuits: ReadonlyMap<string, Circuit>): string[] {
  return [...circuits].filter(([, circuit]) => isLeftAlone(circuit)).map(([key]) => key);
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

function isTooMuch({ seconds, consecutive }: TenantCircuit, patience: number): boolean {
  if (consecutive >= CONSECUTIVE * patience) return true;
  const sum = (key: "calls" | "failures") => seconds.reduce((total, each) => total + each[key], 0);
  return sum("calls") >= SHARE_OF_AT_LEAST * patience && sum("failures") >= sum("calls") * SHARE;
}
