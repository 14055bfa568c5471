import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";

const CONSECUTIVE = 5;
const SHARE = 0.5;
const SHARE_OF_AT_LEAST = 20;
const WINDOW_S = MINUTE_MS / SECOND_MS;
const PROBE_EVERY_MS = 30 * SECOND_MS;

type Circuit = {
  /** What the last minute came to, by the second: a list of all calls would cost more than the calls. */
  seconds: { second: number; calls: number; failures: number }[];
  consecutive: number;
  /** When the next single call may find out whether it answers again; null while it is closed. */
  probeAt: number | null;
};

export type Breaker = {
  /** What a call came to. The platform's refusals are answers. */
  record(host: string, isFailure: boolean): void;
  isOpen(host: string): boolean;
  /** Whether one call may be made to an open host now; the next one half a minute later. */
  takeProbe(host: string): boolean;
};

/**
 * A circuit breaker per host: after five failures in a row, or half of at least 20 calls in a minute,
 * the host is left alone but for one call each 30 s; the first that is answered closes it. It only
 * decides which hosts to ask: it changes no one's state.
 */
export function createBreaker(now: () => number = elapsed): Breaker {
  const circuits = new Map<string, Circuit>();

  function circuitOf(host: string): Circuit {
    const known = circuits.get(host) ?? { seconds: [], consecutive: 0, probeAt: null };
    circuits.set(host, known);
    return known;
  }

  return {
    record(host, isFailure) {
      const circuit = circuitOf(host);
      if (!isFailure && circuit.probeAt !== null) {
        circuits.delete(host);
        return;
      }
      count(circuit, { now: now(), isFailure });
      circuit.consecutive = isFailure ? circuit.consecutive + 1 : 0;
      if (circuit.probeAt === null && isTooMuch(circuit)) circuit.probeAt = now() + PROBE_EVERY_MS;
    },
    isOpen: (host) => circuitOf(host).probeAt !== null,
    takeProbe(host) {
      const circuit = circuitOf(host);
      if (circuit.probeAt === null || circuit.probeAt > now()) return false;
      circuit.probeAt = now() + PROBE_EVERY_MS;
      return true;
    },
  };
}

function count({ seconds }: Circuit, call: { now: number; isFailure: boolean }): void {
  const second = Math.floor(call.now / SECOND_MS);
  while (seconds[0] && seconds[0].second <= second - WINDOW_S) seconds.shift();
  const last = seconds.at(-1);
  const current = last?.second === second ? last : { second, calls: 0, failures: 0 };
  if (current !== last) seconds.push(current);
  current.calls += 1;
  if (call.isFailure) current.failures += 1;
}

function isTooMuch({ seconds, consecutive }: Circuit): boolean {
  if (consecutive >= CONSECUTIVE) return true;
  const sum = (key: "calls" | "failures") => seconds.reduce((total, each) => total + each[key], 0);
  return sum("calls") >= SHARE_OF_AT_LEAST && sum("failures") >= sum("calls") * SHARE;
}
