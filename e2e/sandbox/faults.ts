import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { FAULTS, type Place } from "./fault-catalogue";

export interface FaultOptions {
  /** Only for this mailbox or user; if missing, for all. */
  mailbox?: string;
  /** The fault's parameter: a delay, a Retry-After, a lifetime. */
  seconds?: number;
  /** Switches itself off after so many requests. */
  times?: number;
  /** Only there, for faults that could strike at several places. */
  at?: Place;
}

export interface ActiveFault extends FaultOptions {
  id: string;
}

interface StrikingFault extends ActiveFault {
  /** Aborted when the fault is cleared or set again. */
  cleared: AbortSignal;
}

export interface Faults {
  set(id: string, options?: FaultOptions): void;
  clear(id: string): void;
  clearAll(): void;
  list(): ActiveFault[];
  /** Whether the fault strikes now; asking counts as one of its `times`. */
  strikes(id: string, where: Strike): StrikingFault | undefined;
  /** The AADSTS number of a `raise:<number>` fault that strikes now. */
  raised(where: Strike): number | undefined;
}

interface Strike {
  place: Place;
  /** Who it is about, where that is known. */
  mailbox?: string | undefined;
}

/** Thrown for a fault id that the catalogue does not have. */
export class UnknownFaultError extends Error {}

/** As the catalogue says. */
const SLOW_S = 3;

const RAISE = /^raise:(\d{4,8})$/;

/** The switchboard: which faults are on, and for whom. */
export function createFaults(): Faults {
  const active = new Map<string, StrikingFault>();
  /** Outlast what `times` has used up, so that an answer that is held back can still be let go. */
  const clearing = new Map<string, AbortController>();

  const clear = (id: string) => {
    clearing.get(id)?.abort();
    clearing.delete(id);
    active.delete(id);
  };

  const strikes = (id: string, where: Strike): StrikingFault | undefined => {
    const fault = active.get(id);
    if (!fault || !matches(fault, where)) return undefined;
    if (fault.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) active.delete(id);
    }
    return fault;
  };

  return {
    set(id, options = {}) {
      if (!isFaultId(id)) throw new UnknownFaultError(`There is no fault "${id}".`);
      const mailbox = options.mailbox?.trim().toLowerCase();
      clear(id);
      const controller = new AbortController();
      setMaxListeners(0, controller.signal);
      clearing.set(id, controller);
      const { signal: cleared } = controller;
      active.set(id, { id, ...options, ...(mailbox ? { mailbox } : {}), cleared });
    },
    clear,
    clearAll: () => {
      for (const id of clearing.keys()) clear(id);
    },
    list: () => [...active.values()].map(({ cleared: _, ...fault }) => fault),
    strikes,
    raised(where) {
      for (const id of [...active.keys()]) {
        const number = RAISE.exec(id)?.[1];
        if (number && strikes(id, where)) return Number(number);
      }
      return undefined;
    },
  };
}

/** Ends after the seconds of a fault, or as soon as it is cleared. */
export function heldBack({ seconds = SLOW_S, cleared }: StrikingFault): Promise<void> {
  return sleep(seconds * 1_000, undefined, { signal: cleared }).catch(() => {});
}

function isFaultId(id: string): boolean {
  return RAISE.test(id) || FAULTS.some((fault) => fault.id === id);
}

function matches(fault: ActiveFault, where: Strike): boolean {
  const definition = FAULTS.find((candidate) => candidate.id === fault.id);
  if (definition && !definition.places.includes(where.place)) return false;
  if (!definition && where.place !== "authorize" && where.place !== "token") return false;
  if (fault.at && fault.at !== where.place) return false;
  return !fault.mailbox || fault.mailbox === where.mailbox?.toLowerCase();
}
