import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { singleton } from "@/lib/kernel/singleton";

/** More are not remembered: who is forgotten is looked up in the database again. */
const MAX_KNOWN = 10_000;
/** Another process may have ended a wait, because the attempt that began it succeeded. */
const MAX_REMEMBERED_MS = 15 * SECOND_MS;

export type Wait = { subject: string; waitMs: number };

/** By subject, when its wait is over, in milliseconds of `elapsed`. */
const known = () => singleton("known-waits", () => new Map<string, number>());

/** Remembers in this process who waits, so that further attempts get a reply without a query. */
export function rememberWaits(waits: readonly Wait[]): void {
  for (const { subject, waitMs } of waits) {
    const until = elapsed() + Math.min(waitMs, MAX_REMEMBERED_MS);
    keepLatest(known(), [subject, until], MAX_KNOWN);
  }
}

export function forgetWaits(subjects: readonly string[]): void {
  for (const subject of subjects) known().delete(subject);
}

/** @returns milliseconds until none of these waits any more, as far as this process knows; 0 where none does */
export function knownWait(subjects: readonly string[]): number {
  const left = subjects.map((subject) => (known().get(subject) ?? 0) - elapsed());
  return Math.max(0, ...left);
}
