import { MINUTE_MS, SECOND_MS } from "@/lib/clock";

const CONSECUTIVE = 5;
const SHARE = 0.5;
const SHARE_OF_AT_LEAST = 20;
const WINDOW_MS = MINUTE_MS;
const PROBE_EVERY_MS = 30 * SECOND_MS;

type Circuit = {
  /** Answers and failures of the last minute. */
  calls: { at: number; isFailure: boolean }[];
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
 * decides whom to ask: nobody's state changes because of it.
 */
export function createBreaker(now: () => number = Date.now): Breaker {
  const circuits = new Map<string, Circuit>();

  function circuitOf(host: string): Circuit {
    const known = circuits.get(host) ?? { calls: [], consecutive: 0, probeAt: null };
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
      circuit.calls = circuit.calls.filter(({ at }) => at > now() - WINDOW_MS);
      circuit.calls.push({ at: now(), isFailure });
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

function isTooMuch({ calls, consecutive }: Circuit): boolean {
  if (consecutive >= CONSECUTIVE) return true;
  const failures = calls.filter(({ isFailure }) => isFailure).length;
  return calls.length >= SHARE_OF_AT_LEAST && failures >= calls.length * SHARE;
}
